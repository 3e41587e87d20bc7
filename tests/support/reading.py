"""Reads from a database that a test has open already."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine

from webexhist.store.opening.history import History, reading

P = ParamSpec("P")
T = TypeVar("T")


def read(engine: Engine, function: Callable[Concatenate[History, P], T], *args: P.args, **options: P.kwargs) -> T:
    """What a function reads: `read(engine, latest)`."""
    with reading(engine) as history:
        return function(history, *args, **options)
