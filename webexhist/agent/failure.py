"""The document of a poll that failed, made with nothing that could be what failed."""

from webexhist.texts import one_line

PLUGIN_VERSION = 100
"""Rises by one whenever a name or a unit of the document changes: the agent reads them again only then."""
LONGEST_MESSAGE = 500
"""Characters; no limit is documented, and nobody reads more on a monitor's page."""


def base_document(text: str) -> dict[str, object]:
    """What every document holds."""
    return {"plugin_version": PLUGIN_VERSION, "heartbeat_required": "true", "msg": shortened(text)}


def failure_document(error: Exception) -> dict[str, object]:
    """Status 0 shows the monitor as Down, with the reason."""
    return base_document(str(error)) | {"status": 0}


def shortened(text: str) -> str:
    """The text in 500 characters at most."""
    line = one_line(text)
    return line if len(line) <= LONGEST_MESSAGE else line[: LONGEST_MESSAGE - 1] + "…"
