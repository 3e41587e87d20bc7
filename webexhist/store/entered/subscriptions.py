"""The subscriptions that were ever polled, and finds the one that a person names."""

from collections.abc import Iterable

from sqlalchemy import Connection, text

from webexhist.errors import UsageError
from webexhist.store.names.suggestions import did_you_mean
from webexhist.texts import folded

MOST_NAMED = 10
KNOWN_SUBSCRIPTIONS = text("""
SELECT subscription_id FROM license_version WHERE subscription_id IS NOT NULL
UNION SELECT subscription_id FROM license WHERE subscription_id IS NOT NULL ORDER BY 1
""")

OF_ORGANIZATION = "SELECT subscription_id FROM license_version WHERE organization_id = :organization"
"""Those that an organization has or had."""


class KnownSubscriptions:
    """Every subscription that a license belongs to, or belonged to."""

    def __init__(self, connection: Connection) -> None:
        self._written = {folded(each): each for each in connection.scalars(KNOWN_SUBSCRIPTIONS)}

    def called(self, wanted: str) -> str | None:
        """The subscription as Webex writes it, whatever letters it is given in; None where there is none."""
        return self._written.get(folded(wanted))

    def required(self, wanted: str) -> str:
        """The same. Raises UsageError where no license that was ever polled belongs to it."""
        found = self.called(wanted)
        if found is None:
            raise UsageError(f"there is no subscription {wanted}", did_you_mean(wanted, self.all, self._named))
        return found

    @property
    def all(self) -> Iterable[str]:
        """Their ids, as Webex or a person wrote them first."""
        return self._written.values()

    @property
    def _named(self) -> str:
        if 0 < len(self._written) <= MOST_NAMED:
            return f"choose one of {', '.join(self._written.values())}"
        return "webexhist history lists those that were polled"
