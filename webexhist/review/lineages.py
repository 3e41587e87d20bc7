"""Rows of licenses that continue each other become those of one: a history does not break at an id."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

from webexhist.products import is_trial
from webexhist.review.judgment.decisions.listings import Proposal
from webexhist.review.reviewed_time import ReviewedTime
from webexhist.snapshot import License
from webexhist.store.entered.notes import Note
from webexhist.store.entered.prices import Price
from webexhist.store.entered.successions import Succession
from webexhist.store.rows.known_licenses import KnownLicense
from webexhist.store.rows.lineages import LineageRows
from webexhist.store.rows.movements import LicenseMovements
from webexhist.store.rows.organization_rows import OrganizationRows
from webexhist.successions import LINKED, SURE, SuccessionState
from webexhist.units import sum_known

T = TypeVar("T")


def following_lineages(rows: OrganizationRows) -> OrganizationRows:
    """The rows, those of a lineage under the id of the license that stands for it."""
    if not rows.lineages:
        return rows
    standing = {former: lineage.license_id for lineage in rows.lineages for former in lineage.former_ids}
    return replace(
        rows,
        licenses=_known(rows.licenses, rows.lineages, standing),
        former_licenses=_former(rows.former_licenses, rows.lineages, standing),
        licenses_by_day=_of_one(
            rows.licenses_by_day, {lineage.license_id: lineage.days for lineage in rows.lineages}, standing
        ),
        licenses_by_month=_of_one(
            rows.licenses_by_month, {lineage.license_id: lineage.months for lineage in rows.lineages}, standing
        ),
        listed=frozenset(standing.get(webex_id, webex_id) for webex_id in rows.listed),
        movements=_movements(rows, standing),
        purchases=tuple(
            replace(each, license_id=standing.get(each.license_id, each.license_id)) for each in rows.purchases
        ),
        corrections=tuple(
            replace(each, license_id=standing.get(each.license_id or "", each.license_id))
            for each in rows.corrections
        ),
        prices=_prices(rows.prices, standing),
        orders=tuple(
            replace(each, license_id=standing.get(each.license_id, each.license_id)) for each in rows.orders
        ),
        notes=tuple(_note(note, standing) for note in rows.notes),
    )


def former_licenses(rows: OrganizationRows) -> dict[str, tuple[License, ...]]:
    """What each license continues, by its id, as it was last called."""
    known = {each.license.webex_id: each.license for each in rows.licenses}
    return {lineage.license_id: tuple(known[former] for former in lineage.former_ids) for lineage in rows.lineages}


def replaced_within(rows: OrganizationRows, time: ReviewedTime) -> dict[str, tuple[License, ...]]:
    """The licenses whose place was taken within the month, by the id of the one that continues them."""
    taken = {
        each.former_id
        for each in rows.successions
        if each.state is SuccessionState.JOINED and each.seen_at >= time.begins_at
    }
    return {
        webex_id: tuple(license_ for license_ in licenses if license_.webex_id in taken)
        for webex_id, licenses in former_licenses(rows).items()
    }


def histories_joined_since(rows: OrganizationRows, time: ReviewedTime) -> tuple[str, ...]:
    """What people said of successions after the month's end, which changed its figures; in words."""
    names = {each.license.webex_id: each.license.name for each in rows.licenses}
    return tuple(
        f"{each.decided_by} {'joined' if each.state is SuccessionState.JOINED else 'parted'} the histories of"
        f" {names.get(each.former_id, each.former_id)} and {names.get(each.successor_id, each.successor_id)}"
        f" on {time.zone.day_of(each.decided_at)}"
        for each in rows.successions
        if each.decided_at and each.decided_at >= time.ends_at and changed_figures(each)
    )


def waiting_proposals(rows: OrganizationRows, time: ReviewedTime) -> tuple[Proposal, ...]:
    """The proposals that nobody had decided on by the month's end; one that was joined later is a history already."""
    known = {each.license.webex_id: each.license for each in rows.licenses}
    return tuple(
        Proposal(each.number, known[each.former_id], known[each.successor_id], each.reason, each.seen_at.date())
        for each in rows.successions
        if {each.former_id, each.successor_id} <= known.keys()
        and each.reason not in (SURE, LINKED)
        and each.state is not SuccessionState.JOINED
        and (each.decided_at is None or each.decided_at >= time.ends_at)
    )


def changed_figures(decided: Succession) -> bool:
    """Whether what a person said of a succession joined two histories, or took apart what was joined by itself."""
    return decided.state is SuccessionState.JOINED or decided.reason in (SURE, LINKED)


def _of_one(
    by_license: Mapping[str, tuple[T, ...]], summed: Mapping[str, tuple[T, ...]], standing: Mapping[str, str]
) -> dict[str, tuple[T, ...]]:
    own = {webex_id: rows for webex_id, rows in by_license.items() if webex_id not in standing}
    return own | {webex_id: rows for webex_id, rows in summed.items() if rows}


def _known(
    licenses: Iterable[KnownLicense], lineages: Iterable[LineageRows], standing: Mapping[str, str]
) -> tuple[KnownLicense, ...]:
    known = list(licenses)
    first = {each.license.webex_id: each.first_number for each in known}
    oldest = {
        lineage.license_id: min(first[each] for each in (lineage.license_id, *lineage.former_ids))
        for lineage in lineages
    }
    return tuple(
        replace(each, first_number=oldest.get(each.license.webex_id, each.first_number))
        for each in known
        if each.license.webex_id not in standing
    )


def _former(
    licenses: Iterable[KnownLicense], lineages: Iterable[LineageRows], standing: Mapping[str, str]
) -> tuple[KnownLicense, ...]:
    """The license that stood for a lineage a month before, by the id of the one that does now."""
    last = {each.license.webex_id: each for each in licenses}
    own = [each for webex_id, each in last.items() if webex_id not in standing]
    known = {each.license.webex_id for each in own}
    for lineage in lineages:
        formers = [last[former] for former in lineage.former_ids if former in last]
        if formers and lineage.license_id not in known:
            newest = max(formers, key=lambda each: each.first_number)
            own.append(replace(newest, license=replace(newest.license, webex_id=lineage.license_id)))
    return tuple(own)


def _movements(rows: OrganizationRows, standing: Mapping[str, str]) -> tuple[LicenseMovements, ...]:
    moved = {each.license_id: each for each in rows.movements}
    trials = {known.license.webex_id for known in rows.licenses if is_trial(known.license.subscription_id)}
    summed = {
        lineage.license_id: _together(
            [moved[each] for each in (*lineage.former_ids, lineage.license_id) if each in moved], lineage, trials
        )
        for lineage in rows.lineages
    }
    return tuple(summed.get(each.license_id, each) for each in moved.values() if each.license_id not in standing)


def _together(moved: Sequence[LicenseMovements], lineage: LineageRows, trials: Collection[str]) -> LicenseMovements:
    """The sums at both ends; between them what the sum gained and lost from poll to poll.

    What was on trial before was not bought: all that is purchased afterwards is.
    """
    before = [each for each in moved if each.was_listed]
    after = [each for each in moved if each.is_listed]
    bought_before = [each for each in before if each.license_id not in trials]
    purchased = () if len(bought_before) < len(before) else (step.purchased for step in lineage.steps)
    bought, reduced = _gained_and_lost(purchased)
    assigned, released = _gained_and_lost(step.assigned for step in lineage.steps)
    return LicenseMovements(
        license_id=lineage.license_id,
        was_listed=bool(before),
        is_listed=bool(after),
        purchased_before=sum_known(each.purchased_before for each in bought_before),
        bought=bought,
        reduced=reduced,
        purchased_after=sum_known(each.purchased_after for each in after),
        assigned_before=sum_known(each.assigned_before for each in before),
        newly_assigned=assigned,
        released=released,
        assigned_after=sum_known(each.assigned_after for each in after),
    )


def _gained_and_lost(sums: Iterable[int | None]) -> tuple[int, int]:
    known = [value for value in sums if value is not None]
    changes = [later - earlier for earlier, later in pairwise(known)]
    return sum(change for change in changes if change > 0), -sum(change for change in changes if change < 0)


def _prices(prices: Iterable[Price], standing: Mapping[str, str]) -> tuple[Price, ...]:
    """The prices; one of a former license holds for its successor, unless that has one of the same day."""
    known = list(prices)
    own = {(price.license_id, price.since) for price in known if price.license_id not in standing}
    handed_on = [
        replace(price, license_id=standing[price.license_id])
        for price in known
        if price.license_id is not None and (standing.get(price.license_id), price.since) not in own
        if price.license_id in standing
    ]
    return (*(price for price in known if price.license_id not in standing), *handed_on)


def _note(note: Note, standing: Mapping[str, str]) -> Note:
    return replace(note, license_id=standing.get(note.license_id, note.license_id)) if note.license_id else note
