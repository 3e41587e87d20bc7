"""What holds of an organization after the last snapshot that was written: the values, and how they began."""

from dataclasses import dataclass, field

from webexhist.metrics import Kind
from webexhist.snapshot import License
from webexhist.store.saving.readings import LISTED, MetricKey

UNITS = ("purchased", "assigned", "assigned_to_users", "assigned_to_workspaces")


class Series:
    """A metric with the value that holds; not a frozen value, for it changes with every snapshot."""

    __slots__ = ("asked", "first_number", "id", "is_counter", "key", "known", "known_at", "number", "pace", "value")

    def __init__(self, id_: int, key: MetricKey, kind: Kind) -> None:
        self.id = id_
        self.key = key
        self.is_counter = kind is Kind.COUNTER
        self.first_number: int | None = None
        """None before its first value is written."""
        self.value: int | None = None
        self.known: int | None = None
        """The last known value of a counter ..."""
        self.known_at: int | None = None
        """... and when that was."""
        self.asked: int | None = None
        """The snapshot that counted the value, where the last one only held it."""
        self.pace: int | None = None
        """By which polls asked for it, up to the last one."""
        self.number = 0
        """The last snapshot that carried it."""


@dataclass(slots=True)
class LicenseSeries:
    """A license and its five metrics."""

    id: int
    webex_id: str
    description: License | None = None
    """As it was last listed; None before that."""
    series: dict[str, Series] = field(default_factory=dict)
    """By field; none before it was listed."""
    last_listed: int | None = None
    """Whether the last known list held it."""
    units: tuple[int | None, ...] | None = None
    """What holds of it, where it is listed."""
    number: int = 0
    """The last snapshot that listed it."""

    @property
    def listed(self) -> Series:
        return self.series[LISTED]
