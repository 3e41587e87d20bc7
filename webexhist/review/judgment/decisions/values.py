"""The values of decisions: their kinds, in order of urgency, and what each says."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from hashlib import sha256

from webexhist.review.judgment.people import People
from webexhist.review.judgment.words import spoken, units
from webexhist.store.entered.decision_states import DecisionState, EnteredState

DIGITS_OF_ORGANIZATION = 3
DIGITS_OF_EVENT = 7


class DecisionKind(StrEnum):
    """What is to be decided, the most urgent first."""

    NONE_PURCHASED = "none_purchased"
    EXPIRES = "expires"
    OVER = "over"
    TRUE_FORWARD = "true_forward"
    RUNS_OUT = "runs_out"
    RENEWAL = "renewal"
    REDISTRIBUTE = "redistribute"
    REASSIGN = "reassign"
    UNKNOWN = "unknown"
    NOT_POLLED = "not_polled"
    GONE = "gone"
    SUCCESSION = "succession"
    SHRUNK = "shrunk"
    WATCH = "watch"

    @property
    def rank(self) -> int:
        """0 for the most urgent."""
        return list(DecisionKind).index(self)

    @property
    def words(self) -> str:
        """As a person reads it."""
        return self.value.replace("_", " ")


class Severity(Enum):
    """What a monitor makes of a decision."""

    WARNING = "WARNING"
    UNKNOWN = "UNKNOWN"
    CRITICAL = "CRITICAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Something that a person has to decide."""

    kind: DecisionKind
    severity: Severity
    organization: str
    """What it is called."""
    organization_id: str
    """At Webex."""
    subject: str
    """Whom or what it is about, by name: a product, or the organization."""
    reason: str
    """What follows the name in a sentence."""
    event: str
    """What distinguishes it from another of its kind: the product by its first license, and the day that began it."""
    product: str | None = None
    license_ids: tuple[str, ...] = ()
    subscription: str | None = None
    """Where it is about a single one."""
    site: str | None = None
    since: date | None = None
    """The first day on which it held, where there is one."""
    units: int | None = None
    units_at_most: int | None = None
    """Where two readings differ: `units` is the smaller one."""
    people: People | None = None
    """Who hold its licenses, each counted once; None where that is not known, or nothing depends on it."""
    due_on: date | None = None
    chance: float | None = None
    money_a_year: Decimal | None = None
    """Of `units`, in units of the currency; None where no price is set."""
    currency: str | None = None
    needs_price: bool = False
    """Whether its units cost money, and no price of them is set."""
    state: DecisionState = DecisionState.OPEN
    until: date | None = None
    """The last day of an accepted or muted one, where it has one."""
    said: EnteredState | None = None
    """What a person said of it last, though it may hold no more."""

    @property
    def id(self) -> str:
        """The same as long as the decision is the same: kind, organization, product and the day of the event."""
        origin = "\0".join((self.kind, self.organization_id, self.event))
        return f"{self.kind}-{_digits_of(self.organization_id)}{_hashed(origin)[:DIGITS_OF_EVENT]}"

    @property
    def digits(self) -> str:
        """The end of the id, by which a person may name it: as good as unique without the kind."""
        return self.id.rpartition("-")[2]

    @property
    def sentence(self) -> str:
        """The whole sentence: whom or what it is about, and why it needs a decision."""
        return f"{self.subject} {self.reason}."

    @property
    def is_open(self) -> bool:
        """Whether it is neither accepted nor muted."""
        return self.state is DecisionState.OPEN

    @property
    def said_in_words(self) -> str | None:
        """Who said what of it, and why, as a sentence; None where nobody said anything."""
        said = self.said
        if said is None:
            return None
        by = f"by {said.signed.by} on {spoken(said.since)}"
        if said.state is DecisionState.OPEN:
            return f"Opened again {by}: {said.note}"
        state = f"Open again; {said.state}" if self.is_open else said.state.capitalize()
        until = f" until {spoken(said.until)}" if said.until else ""
        up_to = f"{' and' if until else ''} up to {units(said.up_to)}" if said.up_to is not None else ""
        return f"{state} {by}{until}{up_to}: {said.note}"

    @property
    def urgency(self) -> tuple[bool, int, date, Decimal, str]:
        """Sorts the most urgent first: open ones by kind, then due day, those without one last, then the most money.

        Those that are accepted or muted stand below, in the same order.
        """
        money = abs(self.money_a_year or Decimal())
        return (not self.is_open, self.kind.rank, self.due_on or date.max, -money, self.id)


def may_be_of(decision_id: str, organization_id: str) -> bool:
    """Whether a decision with that id, or with these digits of one, may be about the organization with that id."""
    return decision_id.rpartition("-")[2].startswith(_digits_of(organization_id))


def _digits_of(organization_id: str) -> str:
    """With these the digits of each of its decisions begin, so that one is found without all the others."""
    return _hashed(organization_id)[:DIGITS_OF_ORGANIZATION]


def _hashed(text: str) -> str:
    return sha256(text.encode()).hexdigest()
