"""What a process that runs thousands of tests does once: put the commands together, and compile each statement.

Both are done once a process by the program itself, which runs one command and opens one database.
"""

from collections.abc import Iterator, MutableMapping
from typing import Any

import typer
from sqlalchemy import Connection, Engine, event


class StatementsOfAllEngines(MutableMapping[Any, Any]):
    """What statements became for SQLite, by the statement alone: SQLAlchemy looks for them by their engine's dialect
    as well, and each test has an engine of its own."""

    def __init__(self) -> None:
        self.compiled: dict[Any, Any] = {}

    def __getitem__(self, key: Any) -> Any:
        return self.compiled[key[1:]]

    def __setitem__(self, key: Any, compiled: Any) -> None:
        self.compiled[key[1:]] = compiled

    def __delitem__(self, key: Any) -> None:
        del self.compiled[key[1:]]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.compiled)

    def __len__(self) -> int:
        return len(self.compiled)


def compile_statements_once() -> None:
    """Lets every engine for SQLite of this process use what another one has compiled."""
    statements = StatementsOfAllEngines()

    @event.listens_for(Engine, "engine_connect")
    def share(connection: Connection) -> None:
        if connection.dialect.name == "sqlite":
            connection.execution_options(compiled_cache=statements)


MADE: dict[tuple[int, int], Any] = {}
make_command = typer.main.get_command


def command_made_once(application: typer.Typer) -> Any:
    """Returns what typer's `get_command` does: what it returned before, as long as no command was added since."""
    key = (id(application), number_of_commands(application))
    if key not in MADE:
        MADE[key] = make_command(application)
    return MADE[key]


def number_of_commands(application: typer.Typer) -> int:
    """How many commands an application has, those of its groups among them."""
    groups = [group.typer_instance for group in application.registered_groups]
    return len(application.registered_commands) + sum(number_of_commands(group) for group in groups if group)
