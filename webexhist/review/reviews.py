"""The frozen values a monthly review is made of. Counts are units or pieces, times are UTC, `None` is unknown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from webexhist.changed_rows import stored_and_kept, warning_of, were_changed
from webexhist.metrics import Metric
from webexhist.months import Month, Period
from webexhist.not_judged import NotJudged
from webexhist.review.bridge import Bridge
from webexhist.review.evidence import CollectorReview, MonthlyEvidence
from webexhist.review.judgment.cost import Cost, CostTotal, cost_totals
from webexhist.review.judgment.decisions.values import Decision, DecisionKind
from webexhist.review.judgment.missing_terms import MissingTerms, missing_terms_of
from webexhist.review.judgment.renewal import RenewalPlan
from webexhist.review.judgment.usage import LicenseReview, ProductReview
from webexhist.review.seats import SeatReview
from webexhist.review.silence import SilentOrganization
from webexhist.review.values import DailyAmount
from webexhist.snapshot import LICENSES_HELD
from webexhist.store.entered.notes import Note
from webexhist.store.rows.corrections import Correction
from webexhist.store.rows.lineages import LineageQueries
from webexhist.store.rows.organization_queries import OrganizationQueries
from webexhist.store.values import DailyValue, MonthlyValue
from webexhist.time_zones import TimeZone
from webexhist.units import difference, sum_known_of_any, utilization


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
    products: tuple[ProductReview, ...]
    """What is judged together, those that are judged first."""
    licenses: tuple[LicenseReview, ...]
    """Each by itself, in the order of the products, then those that belong to none."""
    decisions: tuple[Decision, ...]
    """The most urgent first; below them those that are accepted or muted."""
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
    imported: int
    """How many snapshots of the month were brought in from elsewhere."""
    rebuilt: tuple[str, ...]
    """What a person said of the month after its end, in words."""
    seats: SeatReview | None
    """How seats were used at the last sweep of all people of the month; None where there was none."""
    queries: OrganizationQueries = field(compare=False, repr=False)
    """What read the rows that the figures are made of; no figure itself."""
    lineage_queries: Mapping[str, LineageQueries] = field(compare=False, repr=False)
    """The same for licenses that continue others, by the id of the one that stands for all."""
    product_queries: Mapping[str, LineageQueries] = field(compare=False, repr=False)
    """The same for products of several licenses."""

    @property
    def as_of(self) -> date:
        """The last day that is looked at."""
        return self.period.last_day if self.is_complete else self.zone.day_of(self.known_until)

    @property
    def missing_terms(self) -> tuple[MissingTerms, ...]:
        """The subscriptions of which something is not entered that decides."""
        return missing_terms_of(self.licenses)

    @property
    def licenses_as_of(self) -> datetime:
        """When the units that stand at the month's end were counted."""
        return self.counted_before.get(LICENSES_HELD, self.known_until)

    @property
    def last_day(self) -> date:
        """The day at whose end the figures ought to stand: the month's last; while it runs, that of the last poll."""
        return self.month.last_day if self.is_complete else self.zone.day_of(self.known_until)

    @property
    def figures_of(self) -> date:
        """The day of which the units of the licenses are."""
        return self.zone.day_of(self.licenses_as_of)

    @property
    def is_older(self) -> bool:
        """Whether they are of an earlier day than that."""
        return self.figures_of < self.last_day

    @property
    def last_known_on(self) -> date | None:
        """The last day on which the units of a product that are not known now were; None where none is unknown."""
        return max((day for product in self.unknown if (day := product.known_on)), default=None)

    @property
    def polled_since(self) -> date | None:
        """The first day with polls, where that is in the month: there is nothing to compare it with."""
        return self.polls_by_day[0][0] if self.bridge is None and self.polls_by_day else None

    @property
    def has_terms(self) -> bool:
        """Whether the term of any contract of a judged product was entered."""
        judged = [product.judgment for product in self.judged if product.judgment]
        return any(contract.starts for judgment in judged for contract in judgment.contracts)

    @property
    def older_figures(self) -> tuple[tuple[datetime, tuple[str, ...]], ...]:
        """When what the last poll did not count was counted, oldest first, and what that is, in words."""
        names = {LICENSES_HELD: "licenses"} if self.licenses else {}
        metrics = [amount.metric for amount in self.amounts] + [gauge.metric for gauge in self.gauges]
        names |= {metric.value: metric.words for metric in metrics}
        times = sorted({at for name, at in self.counted_before.items() if name in names})
        return tuple(
            (at, tuple(words for name, words in names.items() if self.counted_before.get(name) == at)) for at in times
        )

    @property
    def open_decisions(self) -> tuple[Decision, ...]:
        """The decisions that nobody accepted or muted."""
        return tuple(decision for decision in self.decisions if decision.is_open)

    @property
    def has_contract_days(self) -> bool:
        """Whether a contract of what is listed was entered with its first day."""
        return any(each.listed and each.contract and each.contract.starts for each in self.licenses)

    @property
    def judged(self) -> tuple[ProductReview, ...]:
        """The products that are judged."""
        return tuple(product for product in self.products if product.not_judged is None)

    @property
    def without_proposal(self) -> tuple[tuple[ProductReview, RenewalPlan], ...]:
        """The renewals that come near without a proposal, as too little is known: no decision, but no calm either."""
        return tuple(
            (product, renewal)
            for product in self.judged
            if product.judgment and not product.replacement
            for renewal in product.judgment.renewals
            if renewal.refused
        )

    @property
    def not_judged(self) -> tuple[LicenseReview, ...]:
        """The licenses that are not, each with its reason."""
        return tuple(license_ for license_ in self.licenses if license_.not_judged is not None)

    @property
    def in_no_product(self) -> tuple[LicenseReview, ...]:
        """The licenses that belong to no product that is listed: their units are no seats, or they are gone."""
        placed = {each.license.webex_id for product in self.products for each in product.licenses}
        return tuple(license_ for license_ in self.licenses if license_.license.webex_id not in placed)

    @property
    def cost_totals(self) -> tuple[CostTotal, ...]:
        """What the products with a price cost a month, by currency."""
        return cost_totals(cost for product in self.judged if (cost := _cost_of(product)))

    @property
    def without_price(self) -> tuple[ProductReview, ...]:
        """The judged products that the costs leave out."""
        return tuple(product for product in self.judged if _cost_of(product) is None)

    @property
    def has_unknown_list(self) -> bool:
        """Whether no list of licenses was known up to the month's end: nobody knows whether there are any."""
        return not self.licenses and any(each.kind is DecisionKind.UNKNOWN for each in self.decisions)

    @property
    def unknown(self) -> tuple[ProductReview, ...]:
        """The products that would be judged, were their units known."""
        return tuple(product for product in self.products if product.not_judged is NotJudged.UNKNOWN)

    @property
    def units_purchased(self) -> int | None:
        """Of the judged products, at the month's end; None where there are none."""
        return sum_known_of_any(product.closing.purchased for product in self.judged)

    @property
    def units_assigned(self) -> int | None:
        """Of the judged products, at the month's end; None where there are none."""
        return sum_known_of_any(product.closing.last for product in self.judged)

    @property
    def utilization(self) -> float | None:
        """Of the judged products together, in percent."""
        return utilization(self.units_purchased, self.units_assigned)

    @property
    def units_change(self) -> int | None:
        """By how much all units assigned changed: the closing less the opening; None where one is unknown."""
        if self.bridge is None or not self.judged:
            return None
        return difference(self.bridge.assigned.closing, self.bridge.assigned.opening)

    def corrections_of(self, license_: LicenseReview) -> tuple[Correction, ...]:
        """The corrections that concern a license: its own, and those of whole snapshots."""
        return tuple(
            correction
            for correction in self.corrections
            if correction.metric is None and correction.license_id in (None, license_.license.webex_id)
        )

    @property
    def damage(self) -> str | None:
        """What was changed, in words."""
        return were_changed(self._damaged) if self._damaged else None

    @property
    def warning(self) -> str | None:
        """Says in a line, after its name, which of its rows were changed by something else; None where none were."""
        return f"{self.month}: {warning_of(self._damaged)}" if self._damaged else None

    @property
    def _damaged(self) -> tuple[str, ...]:
        return stored_and_kept(self.damaged_days, self.damaged_tables)

    @property
    def evidence(self) -> MonthlyEvidence:
        """What the figures of the month rest on."""
        return self.polling[-1]

    @property
    def collections(self) -> int:
        """How many times a collector ran in the month."""
        return sum(collector.collections_in_month for collector in self.collectors)

    @property
    def failed_collections(self) -> int:
        """How many of them ended with their counts unknown."""
        return sum(collector.failures_in_month for collector in self.collectors)


def _cost_of(product: ProductReview) -> Cost | None:
    return product.judgment.cost if product.judgment else None


@dataclass(frozen=True, slots=True)
class MonthlyReview:
    """The review of one month."""

    month: Month
    organizations: tuple[OrganizationReview, ...]
    silent: tuple[SilentOrganization, ...]
    """Those without a poll in the month that were polled before it, and that nobody retired."""
    decisions_about_silent: tuple[Decision, ...]
    """That these are not polled any more."""

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions of all organizations, the most urgent first; below them those that are accepted or muted."""
        every = [*self.decisions_about_silent, *(one for each in self.organizations for one in each.decisions)]
        return tuple(sorted(every, key=lambda decision: decision.urgency))
