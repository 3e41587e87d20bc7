"""What people say of decisions: that one is accepted, not to be shown for a while, or open again."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, Row, func, insert, select

from webexhist.store.entered.changes import Signature
from webexhist.store.locked_organizations import locked_organization
from webexhist.store.opening.history import History
from webexhist.store.query import Query, grouped
from webexhist.store.schema import decision_state
from webexhist.store.seals.sealing import resealed
from webexhist.store.seals.writing import writing_explained
from webexhist.store.times import moment_of

STATES = """
SELECT decision, state, since, until, up_to, units, sentence, note, entered_at, entered_by
FROM decision_state WHERE organization_id = :organization ORDER BY number
"""
EVERY_STATE = """
SELECT o.webex_id, d.decision, d.state, d.since, d.until, d.up_to, d.units, d.sentence, d.note, d.entered_at,
  d.entered_by
FROM decision_state d JOIN organization o ON o.id = d.organization_id ORDER BY d.organization_id, d.number
"""


class DecisionState(StrEnum):
    """What a person made of a decision."""

    OPEN = "open"
    ACCEPTED = "accepted"
    MUTED = "muted"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredState:
    """What a person said of a decision, from a day on."""

    decision: str
    """Its id."""
    state: DecisionState
    since: date
    """The first day on which it counts, in the organization's time zone."""
    until: date | None
    """The last one; None where it has no end."""
    up_to: int | None
    """It counts as long as the decision concerns no more units than these; None: however many."""
    units: int | None
    """What it concerned when that was said; negative: units to reduce by."""
    sentence: str
    """What the decision was then."""
    note: str
    """Why."""
    signed: Signature


def decision_states(organization: int) -> Query[EnteredState]:
    """What was said of the decisions of an organization, the first first."""
    return Query("States of decisions", STATES, {"organization": organization}, _entered_state)


def every_decision_state(history: History) -> dict[str, tuple[EnteredState, ...]]:
    """The same of all organizations, by their ids at Webex."""
    return grouped(
        history.read(Query("States of decisions", EVERY_STATE, {}, lambda row: (row.webex_id, _entered_state(row))))
    )


def enter_decision_state(engine: Engine, organization_id: str, entered: EnteredState) -> None:
    """Stores what is said of a decision of the organization with that id at Webex, beside what was said before."""
    with writing_explained(engine) as connection:
        stored = locked_organization(connection, organization_id)
        if stored is None:
            return  # deleted in the meantime, with all its decisions
        with resealed(connection, stored.id, decision_state):
            of_organization = decision_state.c.organization_id == stored.id
            last = connection.scalar(select(func.max(decision_state.c.number)).where(of_organization))
            connection.execute(
                insert(decision_state).values(
                    organization_id=stored.id,
                    number=(last or 0) + 1,
                    decision=entered.decision,
                    state=entered.state.value,
                    since=entered.since.isoformat(),
                    until=entered.until.isoformat() if entered.until else None,
                    up_to=entered.up_to,
                    units=entered.units,
                    sentence=entered.sentence,
                    note=entered.note,
                    **entered.signed.columns,
                )
            )


def _entered_state(row: Row[Any]) -> EnteredState:
    return EnteredState(
        decision=row.decision,
        state=DecisionState(row.state),
        since=date.fromisoformat(row.since),
        until=date.fromisoformat(row.until) if row.until else None,
        up_to=row.up_to,
        units=row.units,
        sentence=row.sentence,
        note=row.note,
        signed=Signature(moment_of(row.entered_at), row.entered_by),
    )
