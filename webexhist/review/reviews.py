"""The frozen values a monthly review is made of. Counts are units or pieces, times are UTC, `None` is unknown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from webexhist.metrics import Metric
from webexhist.months import Month, Period
from webexhist.review.bridge import Bridge
from webexhist.review.evidence import CollectorReview, MonthlyEvidence
from webexhist.review.judgment.cost import CostTotal, cost_totals
from webexhist.review.judgment.judgment import Judgment
from webexhist.review.judgment.not_judged import NotJudged
from webexhist.review.replacements import Replacement
from webexhist.review.silence import SilentOrganization
from webexhist.review.values import DailyAmount, difference
from webexhist.snapshot import LICENSES_HELD, License
from webexhist.store.entered.notes import Note
from webexhist.store.rows.corrections import Correction
from webexhist.store.rows.lineages import LineageQueries
from webexhist.store.rows.organization_rows import OrganizationQueries
from webexhist.store.values import DailyUsage, DailyValue, MonthlyUsage, MonthlyValue
from webexhist.time_zones import TimeZone
from webexhist.units import sum_known, utilization


@dataclass(frozen=True, slots=True)
class LicenseReview:
    """One license over the period of the review, by its id: a new name does not break its history."""

    license: License
    """As it was named at the month's end."""
    former: tuple[License, ...]
    """Those that it continues under a new id; their history is its own."""
    replacement: Replacement | None
    """Where it is about to be replaced, or to replace another: what is available is not known until that is done."""
    listed: bool
    """Whether the month's last known list of licenses holds it."""
    is_new: bool
    """Whether it was first seen in the month of the review, later than the organization's first poll."""
    days: tuple[DailyUsage, ...]
    months: tuple[MonthlyUsage, ...]
    before: MonthlyUsage | None
    """The month before the period."""
    closing: MonthlyUsage
    """The month of the review."""
    opening: MonthlyUsage | None
    """The month before it."""
    not_judged: NotJudged | None
    """Why there is no utilization to judge; None where there is one."""
    judgment: Judgment

    @property
    def available(self) -> int | None:
        """Purchased units not assigned at the month's end; None while the license is being replaced."""
        return None if self.replacement else self.closing.available

    @property
    def change(self) -> int | None:
        """Units assigned at the month's end, less those at the end of the month before."""
        return None if self.opening is None else difference(self.closing.last, self.opening.last)

    @property
    def change_or_all_of_new(self) -> int | None:
        """The change; for a new license all units assigned."""
        return self.closing.last if self.is_new else self.change

    @property
    def purchased_change(self) -> int | None:
        """Units bought (or reduced) since the end of the month before."""
        return None if self.opening is None else difference(self.closing.purchased, self.opening.purchased)

    @property
    def months_with_changes(self) -> tuple[tuple[MonthlyUsage, int | None], ...]:
        """Every month with the change of the units assigned since the end of the month before it."""
        known = (self.before, *self.months) if self.before else self.months
        last_of = {month.month: month.last for month in known}
        return tuple((month, difference(month.last, last_of.get(month.month.plus(-1)))) for month in self.months)

    @property
    def peak(self) -> int | None:
        """The most units ever assigned at once within the period."""
        return max((month.highest for month in self.months if month.highest is not None), default=None)


@dataclass(frozen=True, slots=True)
class CountReview:
    """A gauge of the organization (people, devices …) over the period of the review."""

    metric: Metric
    days: tuple[DailyValue, ...]
    months: tuple[MonthlyValue, ...]


@dataclass(frozen=True, slots=True)
class AmountReview:
    """Something that happens (messages sent) and how often it did over the period of the review."""

    metric: Metric
    days: tuple[DailyAmount, ...]

    def amount_of(self, month: Month) -> int | None:
        """What was counted in a month; None when nothing counted then."""
        amounts = [day.amount for day in self.days if Month.of(day.day) == month]
        return sum(amounts) if amounts else None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A license that may continue another: a person has to say so."""

    number: int
    """By which it is confirmed or rejected."""
    former: License
    successor: License
    reason: str


@dataclass(frozen=True, slots=True)
class OrganizationReview:
    """What is known of one organization at the end of a month."""

    webex_id: str
    name: str
    """At the end of the month."""
    former_names: tuple[str, ...]
    """What else it was called within the month, or at the end of the one before; the last name first."""
    month: Month
    zone: TimeZone
    """By which days and months are counted."""
    silent_since: datetime | None
    """The last poll, where it was too long ago at the end of the month; None where polls go on."""
    known_until: datetime
    """The last poll of the month."""
    counted_before: Mapping[str, datetime]
    """When what that poll did not count was, where it stands: by the names of counts, and `LICENSES_HELD`."""
    is_complete: bool
    """False while the month still runs."""
    period: Period
    licenses: tuple[LicenseReview, ...]
    bridge: Bridge | None
    """None in the first month with polls, which has nothing before it."""
    notes: tuple[Note, ...]
    """All notes of the period, oldest first."""
    gauges: tuple[CountReview, ...]
    amounts: tuple[AmountReview, ...]
    polling: tuple[MonthlyEvidence, ...]
    polls_by_day: tuple[tuple[date, int], ...]
    collectors: tuple[CollectorReview, ...]
    corrections: tuple[Correction, ...]
    """Readings of the period that are set aside."""
    damaged_days: tuple[date, ...]
    """Days of UTC of the period of which something was changed since it was stored."""
    damaged_tables: tuple[str, ...]
    """Tables that change rarely, of which something was changed by something else."""
    proposals: tuple[Proposal, ...]
    """Successions that wait for a decision at the end of the month."""
    rebuilt: tuple[str, ...]
    """What a person said of the month after its end, in words."""
    queries: OrganizationQueries = field(compare=False, repr=False)
    """What read the rows that the figures are made of; no figure itself."""
    lineage_queries: Mapping[str, LineageQueries] = field(compare=False, repr=False)
    """The same for licenses that continue others, by the id of the one that stands for all."""

    @property
    def licenses_as_of(self) -> datetime:
        """When the units that stand at the month's end were counted."""
        return self.counted_before.get(LICENSES_HELD, self.known_until)

    @property
    def older_figures(self) -> tuple[tuple[datetime, tuple[str, ...]], ...]:
        """When what the last poll did not count was counted, oldest first, and what that is, in words."""
        names = {LICENSES_HELD: "licenses"} if self.licenses else {}
        names |= {gauge.metric.value: gauge.metric.words for gauge in self.gauges}
        times = sorted({at for name, at in self.counted_before.items() if name in names})
        return tuple(
            (at, tuple(words for name, words in names.items() if self.counted_before.get(name) == at)) for at in times
        )

    @property
    def judged(self) -> tuple[LicenseReview, ...]:
        """The licenses with a utilization."""
        return tuple(license_ for license_ in self.licenses if license_.not_judged is None)

    @property
    def to_decide(self) -> tuple[LicenseReview, ...]:
        """The licenses that need a decision, the most urgent first."""
        needing = [license_ for license_ in self.licenses if license_.judgment.decision.kind.needs_decision]
        return tuple(sorted(needing, key=lambda license_: license_.judgment.urgency))

    @property
    def cost_totals(self) -> tuple[CostTotal, ...]:
        """What the licenses with a price cost a month, by currency."""
        return cost_totals(license_.judgment.cost for license_ in self.licenses if license_.judgment.cost)

    @property
    def without_price(self) -> tuple[LicenseReview, ...]:
        """The judged licenses that the costs leave out."""
        return tuple(license_ for license_ in self.judged if license_.judgment.cost is None)

    @property
    def units_purchased(self) -> int | None:
        """Of the judged licenses, at the month's end."""
        return sum_known(license_.closing.purchased for license_ in self.judged)

    @property
    def units_assigned(self) -> int | None:
        """Of the judged licenses, at the month's end."""
        return sum_known(license_.closing.last for license_ in self.judged)

    @property
    def utilization(self) -> float | None:
        """Of the judged licenses together, in percent."""
        return utilization(self.units_purchased, self.units_assigned)

    @property
    def units_change(self) -> int | None:
        """Change of `units_assigned` since the end of the month before; a new license counts in full."""
        return sum_known(license_.change_or_all_of_new for license_ in self.judged)

    def corrections_of(self, license_: LicenseReview) -> tuple[Correction, ...]:
        """Those that concern a license: its own, and those of whole snapshots."""
        return tuple(
            correction
            for correction in self.corrections
            if correction.metric is None and correction.license_id in (None, license_.license.webex_id)
        )

    @property
    def damage(self) -> str | None:
        """What was changed, in words."""
        days, tables = ", ".join(map(str, self.damaged_days)), ", ".join(self.damaged_tables)
        changed = (f"what was stored on {days}" if days else "", f"what was told ({tables})" if tables else "")
        named = " and ".join(filter(None, changed))
        return f"{named} was changed" if named else None

    @property
    def evidence(self) -> MonthlyEvidence:
        """What the figures of the month rest on."""
        return self.polling[-1]

    @property
    def collections(self) -> int:
        """How many times a collector ran in the month."""
        return sum(collector.runs_in_month for collector in self.collectors)

    @property
    def failed_collections(self) -> int:
        """How many of them ended with their counts unknown."""
        return sum(collector.failures_in_month for collector in self.collectors)


@dataclass(frozen=True, slots=True)
class MonthlyReview:
    """The review of one month."""

    month: Month
    organizations: tuple[OrganizationReview, ...]
    silent: tuple[SilentOrganization, ...]
    """Those without a poll in the month that were polled before it, and that nobody retired."""
