"""What became of licenses while the list of them is unknown: one that had vanished stays vanished.

So polls store it. Where a list is set aside or put back, what follows it is unknown by another list than when it was
stored.
"""

from sqlalchemy import Connection, text

from webexhist.store.mending.reading_spans import ReadingSpan, Row, Value, value_at
from webexhist.store.mending.rewriting import put_values, reading_span
from webexhist.store.saving.readings import LISTED

_METRICS = text("""
SELECT id, license_id, first_number FROM metric
WHERE organization_id = :organization_id AND name = 'license' AND field = :field AND first_number <= :last
ORDER BY license_id
""")
_KNOWN_AGAIN = text("""
SELECT min(number) FROM reading
WHERE organization_id = :organization_id AND metric_id = :metric_id AND number > :last AND value IS NOT NULL
""")


def settle_unlisted(connection: Connection, organization_id: int, first: int, last: int, end: int) -> None:
    """Makes right which licenses are listed from one snapshot on, up to the list after `last` that is known.

    `end` is the number of the last snapshot there is.
    """
    of_organization = {"organization_id": organization_id}
    metrics = connection.execute(_METRICS, of_organization | {"field": LISTED, "last": last}).all()
    whole = next((metric for metric in metrics if metric.license_id is None), None)
    if whole is None:
        return
    first = max(first, whole.first_number)
    after = reading_span(connection, organization_id, whole.id, first, last, end).after
    if after is not None and after[0] is None:
        again = connection.scalar(_KNOWN_AGAIN, of_organization | {"metric_id": whole.id, "last": last})
        last = again - 1 if again else end
    lists = reading_span(connection, organization_id, whole.id, first, last, end)
    for metric in metrics:
        if metric is not whole and metric.first_number <= last:
            begins = max(first, metric.first_number)
            listed = reading_span(connection, organization_id, metric.id, begins, last, end)
            values = settled(listed, lists)
            if values != listed.values:
                put_values(connection, organization_id, metric.id, listed, values, 0)


def settled(listed: ReadingSpan, lists: ReadingSpan) -> tuple[Row, ...]:
    """The values of a license over a span, by whether the list of licenses is known in it."""
    values: list[Row] = []
    before = listed.stood_before
    numbers = {number for number, _ in (*listed.values, *lists.values)}
    for number in sorted({max(number, listed.first) for number in numbers}):
        value = in_force(listed, number)
        if in_force(lists, number) is None:
            value = 0 if before == 0 else None
        if not values or values[-1][1] != value:
            values.append((number, value))
        before = value
    return tuple(values)


def in_force(span: ReadingSpan, number: int) -> Value:
    """The value that holds at a snapshot of the span."""
    found = value_at(span.values, number)
    return found[0] if found else None
