"""Who says something that the database keeps with their name."""

import os
from pwd import getpwuid
from typing import Annotated

import typer

ByOption = Annotated[
    str | None, typer.Option("--by", metavar="NAME", help="Who says so (else the system's user).", show_default=False)
]


def author(by: str | None) -> str:
    """The name that was given, else that of the user who runs this; a number where the system knows no name.

    Raises UsageError for a name that is none.
    """
    from webexhist.store.entered.typed_texts import require_text

    if by is not None:
        return require_text(by, "the name is empty", "say who says so")
    try:
        return getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"user {os.geteuid()}"
