"""The tables of the documentation that follow from tables of the program; run as a program it writes them anew."""

import re
import textwrap
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from webexhist.config import SETTINGS
from webexhist.metrics import Kind, Metric
from webexhist.store.dictionary import DICTIONARY
from webexhist.store.schema import metadata, snapshot

ROOT = Path(__file__).parents[2]


def counts_table() -> str:
    """Every count, as docs/sql.md lists them."""
    return table(
        ("metric", "kind", "what is counted", "from", "in the plugin document", "its change there"),
        (
            (
                f"`{metric}`",
                metric.kind if metric.kind is Kind.GAUGE else f"{metric.kind}, of the window “{metric.row.window}”",
                metric.words,
                f"`{metric.row.source}`",
                metric.row.value,
                metric.row.change,
            )
            for metric in Metric
        ),
    )


def settings_table() -> str:
    """Every setting, as the README lists them."""
    rows = ((f"`{name}`", row.default, row.help) for name, row in SETTINGS.items())
    return table(("key", "default", "meaning"), rows)


def view_table(name: str) -> str:
    """What the dictionary says of a view."""
    view = DICTIONARY[name]
    meaning = textwrap.fill(view.meaning, 128, break_on_hyphens=False)
    rows = ((column.name, column.unit, column.meaning) for column in view.columns)
    return f"{meaning}\n\n{table(('column', 'unit', 'meaning'), rows)}"


def statements_of_spreading() -> str:
    """How the tables are spread over the servers of a cluster, each after those that it refers to."""
    tables = metadata.sorted_tables
    whole = [table.name for table in tables if "organization_id" not in table.primary_key.columns]
    others = [table.name for table in tables if table.name not in (*whole, snapshot.name)]
    lines = [f"SELECT create_reference_table('{name}');" for name in (*whole, "alembic_version")]
    lines.append(f"SELECT create_distributed_table('{snapshot.name}', 'organization_id');")
    together = f"'organization_id', colocate_with => '{snapshot.name}'"
    lines += [f"SELECT create_distributed_table('{name}', {together});" for name in others]
    return "\n".join(("```", *lines, "```"))


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table in Markdown."""
    lines = [tuple(header), *(tuple(row) for row in rows)]
    lines.insert(1, ("---",) * len(lines[0]))
    return "\n".join(f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |") for cells in lines)


TABLES: dict[tuple[str, str], Callable[[], str]] = {
    ("docs/sql.md", "counts"): counts_table,
    ("README.md", "settings"): settings_table,
    ("docs/fleet.md", "spread"): statements_of_spreading,
    **{("docs/sql.md", f"view {name}"): partial(view_table, name) for name in DICTIONARY},
}
"""By the page and the mark between which and its end the table stands."""


def parts(page: str, mark: str) -> tuple[str, str, str]:
    """The page up to the mark, the table as it stands there (empty at first), and the page from the mark's end on."""
    found = re.fullmatch(rf"(?s)(.*<!-- {mark} -->\n)(.*)(<!-- end of {mark} -->.*)", (ROOT / page).read_text())
    assert found, f"{page} wants two lines more, <!-- {mark} --> and <!-- end of {mark} -->, for the table between"
    before, within, after = found.groups()
    return before, within.strip("\n"), after


def write() -> None:
    for (page, mark), make in TABLES.items():
        before, _, after = parts(page, mark)
        (ROOT / page).write_text(f"{before}\n{make()}\n\n{after}")


if __name__ == "__main__":
    write()
