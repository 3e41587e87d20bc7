"""Decisions as plain text for people who read their mail: a body of lines, and a short text for a message."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from webexhist.money import amount_in_words
from webexhist.quantities import quantity
from webexhist.review.digest import Digest
from webexhist.review.judgment.decisions.values import Decision
from webexhist.review.judgment.words import spoken, units
from webexhist.review.summary import at_stake_in_words
from webexhist.review.unplanned import unplanned
from webexhist.texts import one_line

WIDTH = 76
MOST_IN_MAIL = 200
MOST_IN_MESSAGE = 8
LONGEST_IN_MESSAGE = 200
"""Characters of a sentence: a message is read on a phone, and services cut long ones."""


def subject(digest: Digest) -> str:
    """A line that says for whom it is and how much is to be decided, without anybody's line ends."""
    if digest.month is None:
        what = f"Webex licensing, {counted(len(digest.since), 'new urgent decision')}"
    else:
        number = len(digest.decisions) + len(digest.since)
        what = f"Webex licensing {digest.month.month.first_day:%B %Y}, {counted(number, 'decision')}"
    return one_line(f"{what}: {digest.organizations[0]}" if len(digest.organizations) == 1 else what)


def body(digest: Digest, attached: str | None) -> str:
    """The text of a mail; `attached` is the name of the file that goes along."""
    return "\n".join(_lines(digest, attached))


def message(digest: Digest) -> str:
    """The text of a message: the first decisions, a line each."""
    several = len(digest.organizations) > 1
    lines = [one_line(each) for each in digest.warnings]
    lines += [*message_lines((*digest.since, *digest.decisions), several=several)]
    lines += [f"- no proposal: {sentence}" for sentence in unplanned_sentences(digest, several=several)]
    return "\n".join(lines or ["Nothing needs a decision."])


def _lines(digest: Digest, attached: str | None) -> Iterator[str]:
    several = len(digest.organizations) > 1
    if not several:
        yield one_line(digest.organizations[0])
    for warning in digest.warnings:
        yield from wrap(one_line(warning), WIDTH, break_long_words=False, break_on_hyphens=False)
        yield ""
    if digest.since:
        came = "came since the end of" if digest.month else "became urgent since the last mail"
        month = f" {digest.month.month.first_day:%B %Y}" if digest.month else ""
        yield f"{counted(len(digest.since), 'decision')} {came}{month}:"
        yield ""
        yield from decision_lines(digest.since, several=several)
    if digest.month:
        end = f"at the end of {digest.month.month.first_day:%B %Y}"
        order = ", the most urgent first" if len(digest.decisions) > 1 else ""
        yield f"{counted(len(digest.decisions), 'decision')} {end}{order}."
        yield ""
        yield from decision_lines(digest.decisions, several=several)
    for sentence in unplanned_sentences(digest, several=several):
        yield from wrap(sentence, WIDTH, break_long_words=False, break_on_hyphens=False)
        yield ""
    if at_stake := at_stake_in_words((*digest.since, *digest.decisions)):
        yield from wrap(at_stake, WIDTH)
        yield ""
    if attached:
        yield f"The whole review of the month is attached: {attached}"
    yield "What was accepted or muted is left out. To put a decision aside:"
    yield 'webexhist decisions accept ID --note "why"'


def unplanned_sentences(digest: Digest, *, several: bool) -> Iterator[str]:
    """What the month's digest says of renewals without a proposal; of `several` organizations with theirs."""
    for review in digest.month.organizations if digest.month else ():
        for each in unplanned(review):
            yield one_line(f"{each.organization}: {each.sentence}" if several else each.sentence)


def counted(number: int, what: str) -> str:
    """ "1 decision", "7 decisions", "No decision"."""
    return quantity(number, what) if number else f"No {what}"


def decision_lines(decisions: Sequence[Decision], *, several: bool) -> Iterator[str]:
    """A numbered paragraph for each decision; of `several` organizations with theirs."""
    for number, decision in enumerate(decisions[:MOST_IN_MAIL], start=1):
        head = f"{number}. {decision.kind.words}{f' · {decision.organization}' if several else ''}"
        facts = " · ".join(facts_of(decision))
        for text in filter(None, (decision.sentence, decision.said_in_words, facts, f"id: {decision.id}")):
            if head:
                yield one_line(head)
                head = ""
            yield from wrap(
                one_line(text),
                WIDTH,
                initial_indent="   ",
                subsequent_indent="   ",
                break_long_words=False,
                break_on_hyphens=False,
            )
        yield ""
    if len(decisions) > MOST_IN_MAIL:
        yield f"And {len(decisions) - MOST_IN_MAIL:,} more: webexhist decisions."
        yield ""


def facts_of(decision: Decision) -> Iterator[str]:
    """Units, money and day of a decision, as far as it has them."""
    if decision.units is not None:
        yield units(abs(decision.units))
    if decision.money_a_year is not None and decision.currency:
        yield f"{amount_in_words(decision.money_a_year, decision.currency)} a year"
    elif decision.needs_price:
        yield "no price"
    if decision.due_on:
        yield f"due {spoken(decision.due_on)}"


def message_lines(decisions: Sequence[Decision], *, several: bool) -> Iterator[str]:
    """A line for each of the first decisions."""
    for decision in decisions[:MOST_IN_MESSAGE]:
        sentence = one_line(decision.sentence)
        cut = sentence if len(sentence) <= LONGEST_IN_MESSAGE else f"{sentence[:LONGEST_IN_MESSAGE].rstrip()}…"
        whose = f"{one_line(decision.organization)}: " if several else ""
        yield f"- {decision.kind.words}: {whose}{cut}"
    if len(decisions) > MOST_IN_MESSAGE:
        yield f"And {len(decisions) - MOST_IN_MESSAGE:,} more: webexhist decisions."
