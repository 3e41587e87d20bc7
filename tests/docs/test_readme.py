"""README.md is complete: what the program has stands there."""

import re
from pathlib import Path

from sqlalchemy import text

from webexhist.cli.main import COMMANDS

README = (Path(__file__).parents[2] / "README.md").read_text()


def test_the_table_of_commands_has_every_command():
    section = README.split("## Commands")[1].split("\n## ")[0]
    first_cells = re.findall(r"^\| (`[^|]*`) \|", section, re.MULTILINE)
    named = {re.sub(r" .*", "", name) for cell in first_cells for name in re.findall(r"`([^`]+)`", cell)}
    assert named == set(COMMANDS)
    assert [row for row in re.findall(r"^\|.*$", section, re.MULTILINE) if row.count("|") != 3] == []


def test_each_query_runs(year):
    queries = re.findall(r"^sqlite3 \S+ '(.+)'$", README, re.MULTILINE)
    assert len(queries) == 1
    with year.connect() as connection:
        for query in queries:
            assert connection.execute(text(query)).all()
