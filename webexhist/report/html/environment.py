"""The Jinja environment of the pages: templates out of `reports/`, everything escaped."""

import re
from collections.abc import Callable, Hashable, Mapping
from functools import cache
from shlex import quote
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound
from markupsafe import Markup, escape

from webexhist import __version__
from webexhist.quantities import quantity
from webexhist.report.html import formats
from webexhist.report.html.formats import UNKNOWN
from webexhist.report.html.names import license_page, page_of_decision, product_page
from webexhist.resources import resource_folder
from webexhist.review.judgment.words import odds
from webexhist.store.query import Query
from webexhist.store.schema import REVISION
from webexhist.texts import breakable, shown, visible

WITH_HYPHENS = re.compile(r"--[a-z]+(?:-[a-z]+)*|\d{4}-\d\d-\d\d[,.:]?")
"""Options of commands, and days."""
"""An option of a command, as sentences name it."""


class Templates(FileSystemLoader):
    """The templates, which are a part of the program: without one it is broken, or being replaced."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Raises ImportError where there is none."""
        try:
            return super().get_source(environment, template)
        except TemplateNotFound as error:
            raise ImportError(f"No template {template}") from error


@cache
def page_environment() -> Environment:
    """Templates are trusted, what they show is not: names are other people's text.

    Each text that a template shows loses its control characters. A name that stands among other text is a `bdi`.
    """
    environment = Environment(
        loader=Templates(resource_folder("reports")),
        autoescape=True,
        finalize=finalized,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {
        "number": formats.number,
        "purchased": formats.purchased_units,
        "decimal": formats.decimal,
        "signed": formats.signed,
        "percent": formats.percent,
        "money": formats.money,
        "signed_money": formats.signed_money,
        "odds": odds,
        "share": formats.share,
        "share_down": formats.share_down,
        "day": formats.day_name,
        "month": formats.month_name,
        "short_month": formats.short_month,
        "month_alone": formats.month_alone,
        "moment": formats.moment_name,
        "duration": formats.duration,
        "interval": formats.interval_name,
        "period": formats.period_name,
        "quantity": quantity,
        "place": formats.place_name,
        "figure": figure,
        "isolated": isolated,
        "in_a_command": quote,
        "unbroken": unbroken,
        "license_page": license_page,
        "product_page": product_page,
        "page_of_decision": page_of_decision,
        "product_place": formats.product_place,
        "bar_percent": formats.bar_percent,
        "as_printed": as_printed,
    }
    environment.globals |= {
        "program_version": __version__,
        "database_schema": REVISION,
        "time_axis": time_axis,
    }
    return environment


def rendered(template: str, values: Mapping[str, object]) -> str:
    """The text of a template with these values.

    Macros and the context that they are called in hold each other, and what they are given with it: as long as nobody
    looks for garbage a whole review for each page. So the context lets go of all of it.
    """
    found = page_environment().get_template(template)
    context = found.new_context(dict(values))
    try:
        return "".join(found.root_render_func(context))
    finally:
        context.vars.clear()
        context.parent.clear()


@cache
def time_axis(timeline: Hashable, size: str) -> Markup:
    """The axis of a chart by its `Timeline`; a report of many customers has thousands of charts, and of few times."""
    return Markup(rendered("time_axis.html", {"timeline": timeline, "size": size}))  # noqa: S704  (it is escaped)


def finalized(value: object) -> object:
    """What a template shows of a value; markup of ours as it is."""
    return breakable(shown(value)) if isinstance(value, str) and not isinstance(value, Markup) else value


def figure(text: str, reason: str) -> str:
    """A figure, or the dash for an unknown one with its reason."""
    return Markup('<span class="unknown" title="{}">{}</span>').format(reason, text) if text == UNKNOWN else text


def isolated(text: str) -> Markup:
    """Other people's text with a direction of its own (HTML Living Standard, the bdi element), never invisible."""
    return Markup("<bdi>") + breakable(visible(text)) + Markup("</bdi>")


def unbroken(text: str) -> Markup:
    """A text in which no line ends within an option of a command or a day: browsers break lines after any hyphen."""
    whole = Markup('<span class="unbroken">{}</span>')
    return Markup(" ").join(
        whole.format(word) if WITH_HYPHENS.fullmatch(word) else word for word in breakable(shown(text)).split(" ")
    )


def as_printed(query: Query[Any]) -> Markup:
    """A statement to the letter, line ends and all; its values are numbers, days and words of ours."""
    return escape(query.printed)
