"""README.md is complete: what the program has stands there."""

import re
from pathlib import Path

from webexhist.cli.main import COMMANDS

README = (Path(__file__).parents[2] / "README.md").read_text()


def test_the_table_of_commands_has_every_command():
    section = README.split("## Commands")[1].split("\n## ")[0]
    first_cells = re.findall(r"^\| (`[^|]*`) \|", section, re.MULTILINE)
    named = {re.sub(r" .*", "", name) for cell in first_cells for name in re.findall(r"`([^`]+)`", cell)}
    assert named == set(COMMANDS)
