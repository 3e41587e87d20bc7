"""The one place that asks a person; where nobody can be asked, a command stops as if nothing was entered."""

import sys

import typer


def is_confirmed(question: str) -> bool:
    """Whether a person says yes. Raises typer.Abort where nobody answers."""
    require_person()
    return typer.confirm(question)


def require_yes(question: str) -> None:
    """Raises typer.Abort where a person says no, or nobody answers."""
    if not is_confirmed(question):
        raise typer.Abort


def answer_to(question: str) -> str:
    """What a person enters. Raises typer.Abort where nobody answers."""
    require_person()
    return str(typer.prompt(question))


def require_person() -> None:
    """Raises typer.Abort where one of the three streams is closed, without which Python asks nobody."""
    if None in (sys.stdin, sys.stdout, sys.stderr):
        raise typer.Abort
