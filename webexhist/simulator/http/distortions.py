"""Changes correct answers into odd ones, which were seen or must be expected."""

from collections.abc import Callable
from typing import Any

from webexhist.simulator.faults.switches import DataFault
from webexhist.simulator.http.exchange import Json, Page


def distorted(page: Page, faults: set[DataFault]) -> Json | list[Json]:
    """Returns the body of a page, with the faults that are switched on."""
    if page.kind == "hybrid" and DataFault.HYBRID_EMPTY_OBJECT in faults:
        return {}
    if page.kind == "hybrid" and DataFault.HYBRID_EMPTY_LIST in faults:
        return []
    items = page.items
    for kind, fault, change in _CHANGES:
        if fault in faults and page.kind == kind:
            items = [change(item, number) for number, item in enumerate(items)]
    return {**page.around, page.key: items}


def _texts(*names: str) -> "_Change":
    """Changes numbers and booleans to texts."""
    return lambda item, number: item | {name: str(item[name]).lower() for name in names if item.get(name) is not None}


def _replaced(**values: Any) -> "_Change":
    """Sets fields to other values."""
    return lambda item, number: item | values


def _without(*names: str) -> "_Change":
    """Removes fields."""
    return lambda item, number: {name: value for name, value in item.items() if name not in names}


def _every_other(change: "_Change") -> "_Change":
    """Changes every other item only."""
    return lambda item, number: change(item, number) if number % 2 else item


def _glued(*names: str) -> "_Change":
    """Joins the ids of a list into one text."""
    return lambda item, number: item | {name: [",".join(item[name])] for name in names if item.get(name)}


def _undecryptable(name: str) -> "_Change":
    """Removes a text and adds the error that it could not be decrypted."""
    reason = {"code": "kms_failure", "reason": "Key management server failed to respond appropriately."}
    return lambda item, number: _without(name)(item, number) | {"errors": {name: reason}}


_Change = Callable[[Json, int], Json]
"""Returns an item changed; the number is its place on the page."""

_CHANGES: tuple[tuple[str, DataFault, _Change], ...] = (
    ("person", DataFault.BOOLEANS_AS_STRINGS, _texts("invitePending", "loginEnabled")),
    ("person", DataFault.NO_LAST_ACTIVITY, _every_other(_without("lastActivity"))),
    ("person", DataFault.PRESENCE_HIDDEN, _without("status", "lastActivity")),
    ("person", DataFault.GLUED_IDS, _glued("roles", "licenses")),
    ("person", DataFault.UNKNOWN_VALUES, _replaced(status="levitating", type="hologram")),
    (
        "license",
        DataFault.UNITS_AS_STRINGS,
        _texts("totalUnits", "consumedUnits", "consumedByUsers", "consumedByWorkspaces"),
    ),
    ("license", DataFault.CONSUMED_BY_NULL, _replaced(consumedByUsers=None, consumedByWorkspaces=None)),
    ("license", DataFault.CONSUMED_BY_ABSENT, _without("consumedByUsers", "consumedByWorkspaces")),
    ("license", DataFault.UNKNOWN_VALUES, _replaced(siteType="Floating site")),
    ("room", DataFault.UNDECRYPTABLE, _undecryptable("title")),
    ("message", DataFault.UNDECRYPTABLE, _undecryptable("text")),
    ("room", DataFault.UNKNOWN_VALUES, _replaced(type="tunnel")),
    ("device", DataFault.UNKNOWN_VALUES, _replaced(connectionStatus="dreaming", type="teleporter")),
    ("workspace", DataFault.UNKNOWN_VALUES, _replaced(type="greenhouse")),
    ("event", DataFault.UNKNOWN_VALUES, _every_other(_replaced(type="pondered"))),
    ("resource group membership", DataFault.UNKNOWN_VALUES, _every_other(_replaced(status="waiting"))),
)
