"""What a permission is: the scopes that Webex grants, and the person who may grant them."""

from collections.abc import Collection
from dataclasses import dataclass

ADMINISTRATOR = "full or read-only administrator"
ANY_ADMINISTRATOR = "administrator of any kind"
FULL_ADMINISTRATOR = "full administrator"
COMPLIANCE_OFFICER = "Compliance Officer"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a token may read, by Webex's name for it."""

    name: str
    gives: str
    without: str
    """What is lost without it."""
    option: str = ""
    """The option of `webexhist login` that asks for it; empty where every login does."""
    unless: str = ""
    """The option with which it is not asked for, because another scope gives more."""


@dataclass(frozen=True, slots=True)
class Permission:
    """What it takes to be answered (Webex API reference, each page's scopes and roles)."""

    scopes: tuple[Scope, ...]
    role: str = ""
    """Who has to log in; empty where anybody will do."""
    otherwise: str = ""
    """The setting that does without it."""

    @property
    def login(self) -> str:
        """The command that asks for it."""
        return " ".join(["webexhist login", *dict.fromkeys(scope.option for scope in self.scopes if scope.option)])

    def how_to_permit(self, granted: Collection[str] = ()) -> str:
        """Who has to log in, and what to allow; only what is missing where the granted scopes are known."""
        missing = [scope.name for scope in self.scopes if scope.name not in granted]
        person = f" as {self.role}" if self.role else ""
        allowed = f", allowing {' and '.join(missing)}" if missing else ""
        otherwise = f"; or set {self.otherwise}" if self.otherwise else ""
        return f"{self.login}{person}{allowed}{otherwise}"
