"""What one answer shows about the service, without anything of anybody."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from webexhist.webex.api.origins import origin
from webexhist.webex.api.paging import LINK, LONGEST_HEADER, relations
from webexhist.webex.api.transport import Exchanged
from webexhist.webex.probe.questions import Question
from webexhist.webex.probe.shapes import Shape
from webexhist.webex.probe.words import PARAMETERS

CONTENT_TYPES = frozenset({"application/json", "application/scim+json", "text/plain", "text/html", "text/json"})
MOST_LINKS, MOST_PARAMETERS = 6, 20


@dataclass(frozen=True, slots=True)
class AnswerShape:
    """What a question brought."""

    name: str
    request: str
    asks: str
    status: int | None
    """None where nothing was answered, or it was not asked."""
    problem: str
    """Why there is no answer; empty where there is one."""
    seconds: float | None
    content_type: str
    clock_seconds: int | None
    """How far Webex's clock was ahead of this host's."""
    retry_after: str
    """"seconds", "a date", "something else"; empty where there is none."""
    links: tuple[str, ...]
    """What the Link header's addresses are to the page, with the names of their parameters."""
    items: int | None
    """How many items the page has."""
    distinct: int | None
    """How many different ids these have."""
    first_at: int | None
    """The place of its first item in the first page of the same list, from 0; None where it is not there."""
    order: str
    """Of the items' times: "newest first", "oldest first", "mixed"; empty where there are fewer than two."""
    oldest_days: int | None
    """How many days ago the oldest item of the page was made."""
    has_event: bool | None
    """Whether the event that the question names is among the items; None where it names none."""
    shape: Shape


def no_answer(question: Question, problem: str) -> AnswerShape:
    """What stands for a question that brought nothing, and why."""
    return AnswerShape(
        name=question.name,
        request=question.request,
        asks=question.asks,
        status=None,
        problem=problem,
        seconds=None,
        content_type="",
        clock_seconds=None,
        retry_after="",
        links=(),
        items=None,
        distinct=None,
        first_at=None,
        order="",
        oldest_days=None,
        has_event=None,
        shape={},
    )


def body_of(answer: Exchanged) -> Any:
    """The JSON of an answer, or else its text."""
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError):
        return answer.content.decode(errors="replace")


def content_type_of(answer: Exchanged) -> str:
    """The type, where it is one of those that Webex uses, and whether it names a charset."""
    kind, _, rest = answer.content_type.lower().partition(";")
    known = kind.strip() if kind.strip() in CONTENT_TYPES else "another" if kind else "none"
    return f"{known}, with a charset" if "charset=" in rest else known


def kind_of_wait(retry_after: str | None) -> str:
    """The form of a Retry-After; empty where there is none."""
    if retry_after is None:
        return ""
    if retry_after.strip().isdecimal():
        return "seconds"
    return "a date" if re.match(r"[A-Z][a-z]{2}, \d\d ", retry_after) else "something else"


def items_of(body: Any) -> list[dict[str, Any]]:
    """The objects of a list, of the API or of the identity service."""
    found = (body.get("items") or body.get("Resources")) if isinstance(body, dict) else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def order_of(times: list[datetime]) -> str:
    """In which order the times of items come; empty where there are fewer than two."""
    if len(set(times)) < 2:
        return ""
    if all(one >= other for one, other in pairwise(times)):
        return "newest first"
    return "oldest first" if all(one <= other for one, other in pairwise(times)) else "mixed"


def links_of(header: str, service: str) -> Iterator[str]:
    """Each link as what it is to the page, where it leads, and which of Webex's parameters it has."""
    for target, parameters in LINK.findall(header[:LONGEST_HEADER])[:MOST_LINKS]:
        query = target.partition("?")[2].partition("#")[0]
        names = [part.partition("=")[0] for part in query.split("&") if part][:MOST_PARAMETERS]
        shown = [name if name in PARAMETERS else "another" for name in names]
        host = "the same host" if origin(target) == origin(service) else "another host"
        relation = [word for word in relations(parameters) if word in ("next", "first", "prev", "last")]
        yield f"{' '.join(relation) or 'another relation'}: {host}, {' '.join(shown) or 'no parameters'}"
