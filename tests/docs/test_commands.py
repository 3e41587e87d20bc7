"""The reference of the commands and the man page say what the help says."""

import shutil
import subprocess

import pytest
from command_reference import PAGES, ROOT


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_is_described_as_its_help_has_it(page):
    assert page.read_text() == PAGES[page](), "write it anew: python tests/support/command_reference.py"


@pytest.mark.skipif(shutil.which("man") is None, reason="no man")
def test_man_reads_the_page_without_a_warning():
    command = ["man", "--warnings", "-l", ROOT / "docs" / "webexhist.1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, env={"MANWIDTH": "80"})
    assert done.stderr == ""
    assert "webexhist poll" in done.stdout
