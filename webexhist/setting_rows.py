"""What is written down of a setting in the table of settings (config.py)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of a setting beside its name and type."""

    parse: Callable[[str], Any]
    help: str
    default: str
    """The text that stands for a missing one, or where that follows from others, in words."""
    derived: Callable[[Mapping[str, Any]], Any] | None
    """The default out of the values of the settings above it."""
    is_path: bool
    """Whether a relative one in a file leads from where that file lies."""
    is_secret: bool
    """Whether nothing of it is ever shown but that it is set."""

    @property
    def meaning(self) -> str:
        """What it is for, and its default."""
        return f"{self.help} Default: {self.default}." if self.default else self.help


def setting(
    parse: Callable[[str], Any],
    help: str,  # noqa: A002  (as typer calls it)
    *,
    default: str = "",
    derived: Callable[[Mapping[str, Any]], Any] | None = None,
    secret: bool = False,
    in_parts: bool = False,
    is_path: bool = False,
) -> Any:
    """A field of `Settings`; where settings are shown a secret one is not, nor the secrets in one `in_parts`."""
    row = Row(parse, help, default, derived, is_path, secret)
    return field(repr=not (secret or in_parts), metadata={"row": row})
