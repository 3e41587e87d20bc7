"""Which licenses are seats, and who sits on them, by their type codes and by names that are known."""

import re
from enum import StrEnum

from webexhist.texts import folded


class NoSeat(StrEnum):
    """Why the units of a license are no seats that were bought, in the words of the page."""

    IMPLICIT = "free or hybrid service, comes with the organization"
    ROUTE_LISTS = "calls of route lists, no seats"
    AGENTS_OF_SOFTWARE = "an AI agent or assistant, no seats"
    PORTS = "ports of voice menus or campaigns, no seats"
    CALLING_PLANS = "calling plans, numbers or minutes, no seats"
    EVENTS = "events with an allowance of attendees, no seats"
    CONNECTORS = "a connector, no seats"
    TRANSLATIONS = "translations, no seats"


_CODES = dict.fromkeys(("CE", "CG", "HM", "UCPREM", "FMS", "FSS", "FTC", "FTM", "BCHDO"), NoSeat.IMPLICIT) | {
    "BCRLC": NoSeat.ROUTE_LISTS,
    "SFDSK": NoSeat.CONNECTORS,
    "EPC": NoSeat.CONNECTORS,
    "RTT": NoSeat.TRANSLATIONS,
}
_CODES_OF_SEATS = frozenset({"BCSTD", "BCCA", "CF", "CJPPRM", "CJPSTD", "EE", "MS", "SD"})
"""Seats whatever they are called: "Webex Suite with AI Assistant" is a suite."""
_KNOWN_CODES = _CODES.keys() | _CODES_OF_SEATS
_NAMES = (
    (r"^(free|hybrid)\b", NoSeat.IMPLICIT),
    (r"^(basic messaging|basic space meetings|call on webex|unified communication manager)\b", NoSeat.IMPLICIT),
    (r"\bhot ?desk only\b", NoSeat.IMPLICIT),
    (r"\broute lists?\b", NoSeat.ROUTE_LISTS),
    (r"\bai (agents?|assistants?|receptionists?)\b", NoSeat.AGENTS_OF_SOFTWARE),
    (r"\b(ivr|campaigns?)\b", NoSeat.PORTS),
    (r"\b(calling plans?|outbound plans?|phone numbers?|numbers|minutes|pstn)\b", NoSeat.CALLING_PLANS),
    (r"\bevents\b", NoSeat.EVENTS),
    (r"\bconnectors?\b", NoSeat.CONNECTORS),
    (r"\btranslations?\b", NoSeat.TRANSLATIONS),
)
"""What is looked for in a name in small letters; the first that fits says why."""
_PATTERNS = tuple((re.compile(pattern), reason) for pattern, reason in _NAMES)
_DEVICES = re.compile(r"\b(room kit|room systems?|room devices?|room bar|desk pro|desk devices?|boards?)\b")
_WORKSPACES = re.compile(r"\bworkspaces?\b|\bcommon area\b")
_CALLING = re.compile(r"\bcalling\b")
_CONTACT_CENTER = re.compile(r"\bcontact cent(er|re)\b")


def no_seat(code: str, name: str) -> NoSeat | None:
    """Why the units are no seats; None where they are, as far as code and name say."""
    if code.upper() in _KNOWN_CODES:
        return _CODES.get(code.upper())
    known = folded(name)
    return next((reason for pattern, reason in _PATTERNS if pattern.search(known)), None)


def are_seats(code: str, name: str) -> bool:
    """Whether the units of a license are seats that were bought, as long as nobody says something else."""
    return no_seat(code, name) is None


def is_device(code: str, name: str) -> bool:
    """Whether devices hold the units, which register although none is left (help.webex.com, n15oepg)."""
    return code.upper() == "SD" or bool(_DEVICES.search(folded(name)))


def has_no_users(code: str, name: str) -> bool:
    """Whether devices or workspaces hold the units, and no people."""
    return is_device(code, name) or code.upper() == "BCCA" or bool(_WORKSPACES.search(folded(name)))


def is_calling(code: str, name: str) -> bool:
    """Whether people lose settings of their telephone when they change the license."""
    return code.upper().startswith("BC") or bool(_CALLING.search(folded(name)))


def is_contact_center(code: str, name: str) -> bool:
    """Whether agents of a contact center hold the units, of which the sum of all subscriptions counts."""
    return code.upper().startswith("CJP") or bool(_CONTACT_CENTER.search(folded(name)))
