"""Which license continues which under a new id, and what chains of them make: one lineage.

Judged by what a list shows when a license appears or vanishes. What is sure is joined; what is less sure is proposed.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from webexhist.products import is_trial
from webexhist.texts import folded

NEAR = timedelta(days=31)
"""A license that vanished and one that appeared are no further apart, where one surely continues the other ..."""
LONG_AFTER = timedelta(days=92)
"""... and so far apart at most where it may: a person knows."""

SURE = "the same code and site"
"""Why a succession is joined by itself ..."""
LINKED = "a person said so"
"""... or by a person, where nothing proposed it."""


class SuccessionState(StrEnum):
    """What is thought of a succession."""

    JOINED = "joined"
    PROPOSED = "proposed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class LicenseLife:
    """When a license was listed, and what it is."""

    id: int
    name: str
    code: str
    site: str | None
    subscription: str | None
    counted: bool
    listed: bool
    appeared_at: datetime | None
    """When a list held it for the first time, or again; None where the very first list did."""
    vanished_at: datetime | None
    """When a list held it no more; None while it is listed."""

    @property
    def product(self) -> str:
        """The type code, or where there is none the name."""
        return self.code or folded(self.name)

    @property
    def place(self) -> str | None:
        """Its site to compare by: names of hosts are the same in small and in capital letters."""
        return self.site and folded(self.site)

    @property
    def is_trial(self) -> bool:
        return is_trial(self.subscription)


@dataclass(frozen=True, slots=True)
class FoundSuccession:
    """A license that continues another."""

    former_id: int
    successor_id: int
    state: SuccessionState
    reason: str
    """In words, why."""


def found_successions(
    lives: Sequence[LicenseLife],
    events: Collection[int],
    joined: Mapping[int, int],
    moved: Callable[[int, int], bool],
) -> list[FoundSuccession]:
    """What follows from licenses that appeared or vanished now.

    Args:
        lives: every license of the organization.
        events: the ids of those that appeared or vanished now.
        joined: what continues what already, by the former license's id.
        moved: whether people moved from the first license to the second while both were listed.
    """
    found: list[FoundSuccession] = []
    for former in lives:
        if former.listed or former.vanished_at is None:
            continue
        candidates = [
            life
            for life in lives
            if life.listed
            and life.counted == former.counted
            and not _is_of_one_lineage(former.id, life.id, joined)
            and (former.id in events or life.id in events)
            and (_is_near(former, life) or (former.id in events and moved(former.id, life.id)))
        ]
        same = [life for life in candidates if (life.product, life.place) == (former.product, former.place)]
        alike = [life for life in candidates if _is_alike(former, life)]
        if len(same) == 1 and former.id not in joined and (former.is_trial or not same[0].is_trial):
            found.append(FoundSuccession(former.id, same[0].id, SuccessionState.JOINED, SURE))
            continue
        later = [life for life in lives if life.id in events and _appeared_long_after(former, life)]
        if same:
            reason = _why_only_proposed(former, same, joined)
            found += [FoundSuccession(former.id, life.id, SuccessionState.PROPOSED, reason) for life in same]
        elif former.id not in joined:
            found += [
                FoundSuccession(former.id, life.id, SuccessionState.PROPOSED, _long_after(former, life))
                for life in later
            ]
            found += [
                FoundSuccession(former.id, life.id, SuccessionState.PROPOSED, _difference(former, life))
                for life in alike
                if _is_near(former, life)
            ]
    return found


def lineages_of(ids: Iterable[int], joined: Mapping[int, int]) -> dict[int, int]:
    """The lineage of each license: the id of that member of it which was seen first.

    `ids` are in the order in which they were first listed, `joined` the successors by the former license's id, one
    each and without a circle.
    """
    known = list(ids)
    last_of = {id_: _last(id_, joined) for id_ in known}
    first_of: dict[int, int] = {}
    for id_, last in last_of.items():
        first_of.setdefault(last, id_)
    return {id_: first_of[last] for id_, last in last_of.items()}


def _last(id_: int, joined: Mapping[int, int]) -> int:
    while id_ in joined:
        id_ = joined[id_]
    return id_


def _is_of_one_lineage(one: int, other: int, joined: Mapping[int, int]) -> bool:
    return _last(one, joined) == _last(other, joined)


def _is_near(former: LicenseLife, life: LicenseLife) -> bool:
    if life.appeared_at is None or former.vanished_at is None:
        return False
    return abs(life.appeared_at - former.vanished_at) <= NEAR


def _appeared_long_after(former: LicenseLife, life: LicenseLife) -> bool:
    """Whether it is the same at the same site, and came later than what is sure."""
    if life.appeared_at is None or former.vanished_at is None or not life.listed or life.counted != former.counted:
        return False
    is_same = (life.product, life.place) == (former.product, former.place) and life.id != former.id
    return is_same and NEAR < life.appeared_at - former.vanished_at <= LONG_AFTER


def _long_after(former: LicenseLife, life: LicenseLife) -> str:
    assert life.appeared_at is not None and former.vanished_at is not None, "only such licenses are looked at"
    return f"{SURE}, {(life.appeared_at - former.vanished_at).days} days later"


def _is_alike(former: LicenseLife, life: LicenseLife) -> bool:
    """Whether it is of the same code at another site, or of the same family at the same one."""
    if life.product == former.product:
        return life.place != former.place
    return life.place == former.place and _family(life) == _family(former)


def _family(life: LicenseLife) -> tuple[str, ...]:
    return tuple(folded(life.name).split()[:2])


def _difference(former: LicenseLife, life: LicenseLife) -> str:
    return "the same code at another site" if life.product == former.product else "another code of the same family"


def _why_only_proposed(former: LicenseLife, same: Sequence[LicenseLife], joined: Mapping[int, int]) -> str:
    if former.id in joined:
        return "it appeared after another one had taken over"
    return f"{len(same)} of the same code and site" if len(same) > 1 else "a trial after a purchase"
