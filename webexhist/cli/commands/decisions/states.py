"""`webexhist decisions accept`, `mute` and `reopen`: what a person makes of a decision."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from webexhist.cli import clock
from webexhist.cli.app import LARGEST_NUMBER, ConfigOption, DatabaseOption
from webexhist.cli.authors import ByOption, author
from webexhist.cli.beside import renew_outlook
from webexhist.cli.commands.decisions.listed import commands
from webexhist.cli.output import print_line
from webexhist.cli.settings import load_settings
from webexhist.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from webexhist.config import Settings
    from webexhist.review.judgment.decisions.values import Decision
    from webexhist.store.entered.decision_states import DecisionState
    from webexhist.store.opening.history import History

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="Of a decision, or the ten characters listed.")]
UntilOption = Annotated[
    datetime | None,
    typer.Option("--until", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The last day on which that holds."),
]
UpToOption = Annotated[
    int | None,
    typer.Option("--up-to", metavar="UNITS", min=1, max=LARGEST_NUMBER, help="With more units it is open again."),
]
NoteOption = Annotated[str, typer.Option("--note", metavar="TEXT", help="Why.")]


@dataclass(frozen=True, slots=True)
class Saying:
    """What a person says of a decision, as it is typed."""

    state: "DecisionState"
    note: str
    by: str | None
    until: date | None = None
    up_to: int | None = None


@commands.command()
def accept(
    context: typer.Context,
    decision: IdArgument,
    note: NoteOption,
    until: UntilOption = None,
    up_to: UpToOption = None,
    by: ByOption = None,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Take a decision as it is: it stands below the open ones, until a day, or until it concerns more units than now.

    Example: webexhist decisions accept over-2c52ac3b39 --until 2027-02-28 --note "Ordered, number 4711"
    """
    from webexhist.store.entered.decision_states import DecisionState

    said = Saying(DecisionState.ACCEPTED, note, by, until and until.date(), up_to)
    say(decision, said, *settings_of(context, config, database))


@commands.command()
def mute(
    context: typer.Context,
    decision: IdArgument,
    note: NoteOption,
    until: UntilOption = None,
    up_to: UpToOption = None,
    by: ByOption = None,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Put a decision aside: it stands below the open ones, until a day, or however it goes on.

    Example: webexhist decisions mute runs_out-2c52ac3b39 --until 2027-01-31 --up-to 40 --note "Clean-up in January"
    """
    from webexhist.store.entered.decision_states import DecisionState

    said = Saying(DecisionState.MUTED, note, by, until and until.date(), up_to)
    say(decision, said, *settings_of(context, config, database))


@commands.command()
def reopen(
    context: typer.Context,
    decision: IdArgument,
    note: NoteOption,
    by: ByOption = None,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Open a decision again that was accepted or muted.

    Example: webexhist decisions reopen over-2c52ac3b39 --note "The order was withdrawn"
    """
    from webexhist.store.entered.decision_states import DecisionState

    said = Saying(DecisionState.OPEN, note, by)
    say(decision, said, *settings_of(context, config, database))


def settings_of(
    context: typer.Context, config: "Path | None", database: str | None
) -> "tuple[Settings, Path | None]":
    """The settings, and the file of them that is named; what stands before the sub-command counts as well."""
    config_above, database_above = context.obj
    config = config or config_above
    return load_settings({"database": database or database_above}, config), config


def say(wanted: str, saying: Saying, settings: "Settings", config: "Path | None") -> None:
    """Stores what a person says of a decision, prints it, and has worked out again what rests on it."""
    from webexhist.review.judgment.decisions.states import with_states
    from webexhist.store.entered.changes import Signature
    from webexhist.store.entered.decision_states import DecisionState, EnteredState, enter_decision_state
    from webexhist.store.opening.database import open_existing
    from webexhist.store.opening.history import reading
    from webexhist.store.rows.organizations import known_organizations

    engine = open_existing(settings.database)
    with reading(engine) as history:
        now = clock.given_or_now(None, settings.state_dir, history)
        decision = found(wanted.strip(), decisions_of_one(history, wanted.strip(), now))
        zones = {each.webex_id: each.zone for each in known_organizations(history)}
        clock.warn_where_unlikely(now, history)
    today = zones[decision.organization_id].day_of(now)
    require_sense(saying, decision, today)
    accepted_as_it_is = saying.state is DecisionState.ACCEPTED and saying.up_to is None and decision.units is not None
    entered = EnteredState(
        decision=decision.id,
        state=saying.state,
        since=today,
        until=saying.until,
        up_to=abs(decision.units or 0) if accepted_as_it_is else saying.up_to,
        units=decision.units,
        sentence=decision.sentence,
        note=saying.note,
        signed=Signature(now, author(saying.by)),
    )
    enter_decision_state(engine, decision.organization_id, entered)
    renew_outlook(settings, config)
    (stated,) = with_states([decision], [entered], today)
    print_line(f"{decision.id}: {decision.state} → {stated.said_in_words}")
    print_line(decision.sentence)


def decisions_of_one(history: "History", wanted: str, now: datetime) -> "list[Decision]":
    """The decisions about the organization that the digits of the wanted one begin with: no other is reviewed."""
    from webexhist.review.judgment.decisions.values import may_be_of
    from webexhist.reviewing import latest_reviews, organizations_by

    return [
        decision
        for each in organizations_by(history, now)
        if may_be_of(wanted, each.webex_id)
        for review in latest_reviews(history, now, only=each.id)
        for decision in review.decisions
    ]


def found(wanted: str, decisions: "Sequence[Decision]") -> "Decision":
    """The decision with that id. Raises UsageError where there is none, with those that may be meant."""
    from webexhist.store.names.suggestions import did_you_mean

    by_id = {decision.id: decision for decision in decisions}
    called = [decision for decision in decisions if wanted in (decision.id, decision.digits)]
    if len(called) == 1:
        return called[0]
    raise UsageError(f"there is no decision {wanted}", did_you_mean(wanted, by_id, "see webexhist decisions"))


def require_sense(saying: Saying, decision: "Decision", today: date) -> None:
    """Raises UsageError where what is said would change nothing."""
    from webexhist.store.entered.decision_states import DecisionState
    from webexhist.store.entered.typed_texts import require_text

    require_text(saying.note, "the note is empty", "write why")
    if decision.is_open and saying.state is DecisionState.OPEN:
        raise UsageError(f"{decision.id} is open already", "see webexhist decisions")
    if saying.until and saying.until < today:
        raise UsageError(f"{saying.until} is past", f"give a day from {today} on")
    if saying.up_to is None:
        return
    if decision.units is None:
        raise UsageError(f"{decision.id} concerns no units", "leave --up-to out, or give --until")
    if saying.up_to < abs(decision.units):
        least = abs(decision.units)
        raise UsageError(f"it concerns {least:,} units already", f"give --up-to {least} or more")
