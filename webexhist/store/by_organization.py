"""Statements that concern many organizations at once: one statement takes as long for hundreds as for a few."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, TextClause, bindparam, text


@lru_cache(maxsize=256)
def of_organizations(statement: str) -> TextClause:
    """The statement, with a list of ids where it says `:organizations`."""
    return text(statement).bindparams(bindparam("organizations", expanding=True))


def by_organization(rows: Iterable[Row[Any]]) -> dict[int, list[Row[Any]]]:
    """The rows by their column `organization_id`, in their order."""
    grouped: dict[int, list[Row[Any]]] = {}
    for row in rows:
        grouped.setdefault(row.organization_id, []).append(row)
    return grouped
