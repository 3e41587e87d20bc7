"""Follows Webex's pages from link to link, in spite of every defect that has been seen in them."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from webexhist.webex.api.errors import BadAnswer, Refused
from webexhist.webex.api.origins import NOT_SENT, origin
from webexhist.webex_ids import uuid_of

SMALLEST_PAGE = 10
LONGEST_HEADER = 64 * 1024
"""Characters; what Webex sends is shorter than a hundredth of it, and a hundred lines of it may be one header."""
QUOTED = r'"(?:[^"\\]|\\.){0,200}"'
"""A text; one without an end is not looked for any further."""
LINK = re.compile(rf'<([^<>]*)>((?:{QUOTED}|[^"<])*)')
"""An address and its parameters, in whose texts may be whatever stands around links."""
PARAMETER = re.compile(rf"""(?<![^\s;,="'<>])([^\s;,="'<>]+)\s*=\s*({QUOTED}|'[^'"]*'|[^\s;,"']+)""")
RELATION = re.compile(r"[a-z][a-z0-9.-]*|[a-z][a-z0-9+.-]*:\S*")
"""A word for what a link is to the page, or an address that stands for one."""
LEFT_OVER = re.compile(r'[<"]|(?<![\w-])next(?![\w-])', re.IGNORECASE)
"""What stands in no header between the links that can be read in it."""
IS_SUBJECT = re.compile(r"Id$", re.IGNORECASE)
"""Parameters that say of which organization, team or room a list is."""
ORGANIZATION = re.compile(r"(?:[?&]orgId=|/scim/)([^&/?]+)", re.IGNORECASE)
MAX = re.compile(r"(?<=[?&])max=([^&]*)")


def address(base_url: str, path: str, parameters: Mapping[str, object]) -> str:
    """An address with its query."""
    texts = {name: str(value) for name, value in parameters.items()}
    query = urlencode(texts, quote_via=quote, safe=":,", errors="replace")
    return f"{base_url}{path}" + (f"?{query}" if query else "")


def next_address(link_header: str, asked: str) -> str | None:
    """The address of the page after `asked`, or None for the last page (RFC 8288; only rel="next" counts).

    The address is used as it stands: its valueless `before` would not survive being taken apart. Mended is
    what Webex has been seen to break: a doubled scheme, `max=null`, a lost `max`, lost filters.

    It is empty where something in the header is no link, or a link does not say what it is: that may be broken off,
    or be the one to the next page. And where two lead on to different pages: one of them would be left out.
    """
    if len(link_header) > LONGEST_HEADER:
        return ""
    links = LINK.findall(link_header)
    targets = {mended(target.strip(), asked) for target, parameters in links if "next" in relations(parameters)}
    if targets:
        return targets.pop() if len(targets) == 1 else ""
    rest = LINK.sub(lambda found: left_over(found[2]), link_header)
    return "" if LEFT_OVER.search(rest) else None


def following_page(link_header: str, asked: str) -> str | None:
    """The address of the page after `asked`, or None for the last page. Raises as `require_page_after` does."""
    target = next_address(link_header, asked)
    require_page_after(asked, target)
    return target


def require_page_after(asked: str, target: str | None) -> None:
    """Lets an address be followed to the page after `asked`, or a list end where there is none.

    Raises:
        Refused: it is a page of another list.
        BadAnswer: there may be one, but its address cannot be read. The list would end here, and a part of it be
            taken for the whole.
    """
    if target == "":
        raise BadAnswer(f"GET {urlsplit(asked).path} has a Link header that cannot be read")
    if target:
        require_same_list(target, asked)


def require_same_list(target: str, asked: str) -> None:
    """Raises Refused where a link leads to another list than the one asked for, or to another customer's.

    What is found there would be counted as what was asked for: another of Webex's services has other lists. What is
    no address at all is none of this function's business.
    """
    place = origin(target)
    if not place:
        return
    if place != origin(asked):
        raise Refused("a link of Webex leads to another host or to plain http", NOT_SENT)
    there, here = urlsplit(target), urlsplit(asked)
    if unquote(there.path).rstrip("/").casefold() != unquote(here.path).rstrip("/").casefold():
        raise Refused(f"the next page of GET {here.path} is one of another list", "what it holds is not counted")
    subjects = {name.casefold(): value for name, value in parse_qsl(here.query) if IS_SUBJECT.search(name)}
    for name, value in parse_qsl(there.query, keep_blank_values=True):
        if name.casefold() in subjects and uuid_of(value) != uuid_of(subjects[name.casefold()]):
            raise Refused(f"the next page of GET {here.path} has another {name}", "what it holds is not counted")


def leads_by(target: str, offset: str, items: int) -> bool:
    """Whether an address leads on by a number of items, in that parameter."""
    return (offset, str(items)) in parse_qsl(urlsplit(target).query) if origin(target) else False


def next_by_offset(url: str, offset: str, items: int) -> str | None:
    """The address of the page after one of so many items, where that one is full; None where it is not."""
    query = dict(parse_qsl(urlsplit(url).query))
    begin, size = query.get(offset, ""), query.get("max", "")
    if not (begin.isdecimal() and size.isdecimal() and items >= int(size) > 0):
        return None
    return re.sub(rf"(?<=[?&]){offset}=[0-9]+", f"{offset}={int(begin) + items}", url)


def relations(parameters: str, *names: str) -> list[str]:
    """What a link is to the page, by every `rel` among its parameters, or those names; several may stand in one."""
    values = [value for name, value in PARAMETER.findall(parameters) if name.lower() in (names or ("rel",))]
    texts = [re.sub(r"\\(.)", r"\1", value.strip("\"' \t")).lower() for value in values]
    return [word for text in texts for word in re.split(r"[\s,]+", text) if word]


def left_over(parameters: str) -> str:
    """What of a link's parameters cannot be read; a link without a relation is broken off (RFC 8288, section 3.3)."""
    words = relations(parameters, "rel", "rev")
    odd = [word for word in words if not RELATION.fullmatch(word)]
    return " ".join([PARAMETER.sub("", parameters), *odd]) if words else "<"


def mended(target: str, asked: str) -> str:
    """The target as Webex should have written it; one that cannot be taken apart is left to be refused."""
    target = re.sub(r"^https?,(?=https?://)", "", target).partition("#")[0]
    if not origin(target):
        return target
    asked_parameters = dict(parse_qsl(urlsplit(asked).query, keep_blank_values=True))
    if "max" in asked_parameters:
        target = MAX.sub(lambda found: found[0] if found[1].isdecimal() else f"max={asked_parameters['max']}", target)
    present = {name for name, _ in parse_qsl(urlsplit(target).query, keep_blank_values=True)}
    lost = {name: value for name, value in asked_parameters.items() if name not in present | CURSORS}
    if not lost:
        return target
    return f"{target}{'&' if urlsplit(target).query else '?'}{urlencode(lost, quote_via=quote, safe=':,')}"


CURSORS = frozenset({"after", "before", "cursor", "next", "start", "offset", "startIndex", "beforeMessage"})
"""Parameters that say where a page begins: those of the page before must not be carried on."""


def organization_of(target: str) -> str:
    """The UUID of the organization that a path with its query is about; empty where they name none."""
    found = ORGANIZATION.search(target)
    return uuid_of(unquote(found[1])) if found else ""


def halved_page(url: str) -> str | None:
    """The same page with half the items asked for; None where that is not worth trying."""
    asked = MAX.search(url)
    if not asked or not asked[1].isdecimal() or int(asked[1]) < 2 * SMALLEST_PAGE:
        return None
    return MAX.sub(f"max={int(asked[1]) // 2}", url)
