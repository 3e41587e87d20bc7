"""The reference of the commands and the man page say what the help says."""

import shutil
import subprocess

import pytest
from command_reference import PAGES, ROOT


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_is_described_as_its_help_has_it(page):
    assert page.read_text() == PAGES[page](), "write it anew: python tests/support/command_reference.py"


@pytest.mark.skipif(shutil.which("groff") is None, reason="no groff")
def test_the_man_page_is_set_without_a_warning():
    """By groff alone: man-db 2.11 breaks any page where one of its 8 KiB blocks ends within a request."""
    command = ["groff", "-Kutf8", "-man", "-Tutf8", "-ww", "-P-cbou", ROOT / "docs" / "webexhist.1"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60, check=True)
    assert done.stderr == ""
    assert "webexhist poll" in done.stdout
