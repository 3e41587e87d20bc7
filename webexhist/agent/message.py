"""The text beside the figures: what the poll could not count and why, and which licenses came or went."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from webexhist.agent.license_table import counted, is_usage_known, labels_of, license_totals
from webexhist.metrics import Metric
from webexhist.not_judged import NotJudged
from webexhist.snapshot import CLOCK, EXPECTED, LEFT_OUT, NOT_POLLED, ORDER, POLLERS, STORED, TOKENS
from webexhist.stored_snapshot import StoredSnapshot, Succeeded

CONCERN_ALL = frozenset({TOKENS, CLOCK, ORDER, LEFT_OUT, NOT_POLLED, POLLERS, EXPECTED, STORED})
"""The entries that concern every collector."""
HELD_IN_ORDER = [*(metric.words for metric in Metric), "licenses"]
"""In which order it is named what is of an earlier poll, of each organization the same."""


def message(snapshots: Sequence[StoredSnapshot]) -> str:
    """One line: usage in short, then everything that a person should know about this poll."""
    return "; ".join([in_short(snapshots), *not_in_the_sums(snapshots), *warnings(snapshots)])


def in_short(snapshots: Sequence[StoredSnapshot]) -> str:
    """Units assigned, by the rule of the totals; where they are not known of all organizations, of how many."""
    known = [snapshot for snapshot in snapshots if is_usage_known(snapshot)]
    totals = license_totals(known)
    purchased, assigned = totals["License Total Units"], totals["License Consumed Units"]
    if purchased is None or assigned is None:
        return "license usage unknown"
    part = f" in {len(known)} of {len(snapshots)} organizations" if len(known) < len(snapshots) else ""
    return f"{assigned} of {purchased} licenses assigned{part}"


def not_in_the_sums(snapshots: Sequence[StoredSnapshot]) -> Iterator[str]:
    """How many licenses of seats the sums leave out, by the reason; a license without a limit shows why by itself."""
    reasons = Counter(
        change.not_judged for change in counted(snapshots) if change.not_judged not in (None, NotJudged.UNLIMITED)
    )
    for reason, number in sorted(reasons.items(), key=lambda each: str(each[0])):
        yield f"not judged, {reason}: {number} license{'s' if number > 1 else ''}"


def warnings(snapshots: Sequence[StoredSnapshot]) -> Iterator[str]:
    """What a person should know about the poll, a text each."""
    labels = labels_of(snapshots)
    yield from notable_collections(snapshots, labels)
    yield from held_counts(snapshots, labels)
    for snapshot in snapshots:
        owner = f" ({labels[snapshot.organization.webex_id]})" if len(snapshots) > 1 else ""
        yield from (f"new license{owner}: {new.name}" for new in snapshot.appeared if snapshot.previous_at)
        yield from (f"license gone{owner}: {gone.name}" for gone in snapshot.vanished)
        yield from (in_words(each, owner) for each in snapshot.successions)
        for each in snapshot.renamed:
            yield f"license renamed{owner}: {each.former_name} is called {each.license.name} now"
        yield from late_changes(snapshot, owner)


def notable_collections(snapshots: Sequence[StoredSnapshot], labels: Mapping[str, str]) -> Iterator[str]:
    """What went wrong, each once: of several organizations how many it concerns.

    What concerns every collector stands first: a long text is cut off.
    """
    concerned: dict[tuple[str, str], list[str]] = {}
    for snapshot in snapshots:
        for collection in snapshot.collections:
            if collection.status.is_notable:
                what = (collection.collector, collection.error or str(collection.status))
                concerned.setdefault(what, []).append(labels[snapshot.organization.webex_id])
    for (collector, reason), owners in sorted(concerned.items(), key=lambda each: each[0][0] not in CONCERN_ALL):
        yield f"{collector}{whose(owners, snapshots)}: {reason}"


def whose(owners: Sequence[str], snapshots: Sequence[StoredSnapshot]) -> str:
    """Which organization something is said of, or how many; nothing where there is one."""
    if len(snapshots) == 1:
        return ""
    return f" ({owners[0]})" if len(owners) == 1 else f" ({len(owners)} of {len(snapshots)} organizations)"


def in_words(seen: Succeeded, owner: str) -> str:
    """Says that a license continues another, or may."""
    former, successor = (
        f"{of.name} ({of.subscription_id or 'no subscription'})" for of in (seen.former, seen.successor)
    )
    if seen.joined:
        return f"license replaced{owner}: {former} is continued by {successor}"
    return f"license replaced{owner}? {successor} may continue {former}: webexhist succession list"


def held_counts(snapshots: Sequence[StoredSnapshot], labels: Mapping[str, str]) -> Iterator[str]:
    """What is of an earlier poll, and of when, to the minute: organizations that keep the same are named together."""
    held: dict[tuple[datetime, str], list[str]] = {}
    for snapshot in snapshots:
        by_time: dict[datetime, set[str]] = {}
        times = [(count.as_of, count.metric.words) for count in snapshot.counts]
        for as_of, words in [*times, *((change.as_of, "licenses") for change in snapshot.licenses or ())]:
            if as_of:
                by_time.setdefault(as_of.replace(second=0, microsecond=0), set()).add(words)
        for minute, names in by_time.items():
            named = ", ".join(words for words in HELD_IN_ORDER if words in names)
            held.setdefault((minute, named), []).append(labels[snapshot.organization.webex_id])
    for (minute, words), owners in sorted(held.items()):
        yield f"as of {minute:%Y-%m-%d %H:%M} UTC{whose(owners, snapshots)}: {words}"


def late_changes(snapshot: StoredSnapshot, owner: str) -> Iterator[str]:
    """Changes that reach back over more than one poll, for the polls between did not know the value."""
    for count in snapshot.counts:
        if count.change is not None and count.previous_at != snapshot.previous_at and count.previous_at:
            yield f"{count.metric.words}{owner}: change since {count.previous_at:%Y-%m-%d %H:%M} UTC"
