"""What licenses are called in a table of the terminal."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webexhist.snapshot import License


def license_labels(licenses: "Iterable[License]") -> dict[str, str]:
    """The names by id, with the sites, and with the subscriptions where several have name and site in common."""
    listed = list({each.webex_id: each for each in licenses}.values())
    names = [" · ".join(filter(None, (each.name, each.site_url))) for each in listed]
    return {
        each.webex_id: f"{name} · {each.subscription_id}" if names.count(name) > 1 else name
        for each, name in zip(listed, names, strict=True)
    }
