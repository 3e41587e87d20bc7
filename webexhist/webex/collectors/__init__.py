"""One module a family of counts: what it counts, the permission it takes, and how it asks.

A module here that has `COLLECTORS` takes part in every poll. What else Webex is asked, and may refuse, stands in the
`QUESTIONS` of the module that asks it.
"""

from collections.abc import Collection
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from webexhist.webex.auth.scopes import Permission, Scope
from webexhist.webex.collectors.interface import Collector, Question


@cache
def modules() -> tuple[ModuleType, ...]:
    """Every module of this folder."""
    return tuple(import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))


@cache
def all_collectors() -> tuple[Collector, ...]:
    """The collectors of every module here, in the order in which they are asked."""
    found = [collector for module in modules() for collector in getattr(module, "COLLECTORS", ())]
    return tuple(sorted(found, key=lambda collector: collector.place))


def permission_of(name: str) -> Permission | None:
    """What it takes to be answered, by a name in the log of collections; None where that entry asks for nothing."""
    return next((question.permission for question in all_questions() if question.name == name), None)


def all_scopes() -> tuple[Scope, ...]:
    """Every scope that anything here can use."""
    return tuple(dict.fromkeys(scope for question in all_questions() for scope in question.permission.scopes))


def wanted_scopes(options: Collection[str] = ()) -> tuple[Scope, ...]:
    """Exactly what a login with these options asks for."""
    return tuple(
        scope
        for scope in all_scopes()
        if (not scope.option or scope.option in options) and scope.unless not in options
    )


@cache
def all_questions() -> tuple[Question, ...]:
    """Whatever Webex is asked, the collectors last."""
    others = [question for module in modules() for question in getattr(module, "QUESTIONS", ())]
    return (*others, *all_collectors())
