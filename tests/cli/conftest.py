"""Commands as they are typed, run within the test's own process."""

import pytest
from commands import CommandLine
from histories import Poller


@pytest.fixture
def run(poller: Poller, webexhist: CommandLine, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """`run("contract", "list")` on the database of `poller`."""
    monkeypatch.setenv("WEBEXHIST_DATABASE", str(poller.engine.url.database))
    return webexhist
