"""A file that the docs name is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "webexhist"
MADE_BY_A_RECIPE = {"webexhist/webex/collectors/guests.py", "tests/webex/collectors/test_guests.py"}


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "docs/architecture.md", "docs/cost.md", "docs/mending.md"])
def test_every_module_that_a_page_names_is_there(page):
    named = set(re.findall(r"`([a-z_/]+/[a-z_]+\.py)`", (ROOT / page).read_text())) - MADE_BY_A_RECIPE
    assert [path for path in named if not ((ROOT / path).exists() or (PACKAGE / path).exists())] == []
