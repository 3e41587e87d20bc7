"""A database of the version before: who only reads says so and changes nothing, who writes brings it up to date."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import webexhist
from webexhist.resources import resource_folder
from webexhist.store.opening.database import open_database
from webexhist.store.saving.save import save
from webexhist.store.schema import REVISION

NEXT_MIGRATION = f"""
from alembic import op

revision = "99.0.0"
down_revision = "{REVISION}"


def upgrade() -> None:
    op.execute("CREATE INDEX of_the_next_version ON origin (version)")
"""


@pytest.fixture(scope="module")
def next_version(tmp_path_factory) -> Path:
    """A checkout of a program that knows one migration more than this one."""
    checkout = tmp_path_factory.mktemp("next version")
    package = Path(webexhist.__file__).parent
    shutil.copytree(package, checkout / "webexhist", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("migrations", "reports"):
        shutil.copytree(resource_folder(name), checkout / name)
    (checkout / "migrations" / "versions" / "99_0_0_next.py").write_text(NEXT_MIGRATION)
    schema = checkout / "webexhist" / "store" / "schema" / "__init__.py"
    text = schema.read_text()
    assert text.count(f'REVISION = "{REVISION}"') == 1
    schema.write_text(text.replace(f'REVISION = "{REVISION}"', 'REVISION = "99.0.0"'))
    return checkout


RUN = """
import sys
from webexhist.cli.main import main

for line in sys.stdin:
    sys.argv = ["webexhist", *line.split()]
    try:
        main()
    except SystemExit as end:
        print("exit", end.code, flush=True)
"""


@pytest.mark.slow
def test_a_reader_of_the_next_version_says_who_brings_the_database_up_to_date(
    next_version, tmp_path, location, taken
):
    engine = open_database(location)
    save(engine, taken("2026-11-23 15:00", people=3))
    engine.dispose()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PYTHONPATH": str(next_version),
        "WEBEXHIST_DATABASE": location,
        "PYTHONUNBUFFERED": "1",
    }
    pipe = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    program = subprocess.Popen([sys.executable, "-c", RUN], cwd=tmp_path, env=environment, text=True, **pipe)

    def run(words):
        program.stdin.write(f"{words}\n")
        program.stdin.flush()
        said = [program.stdout.readline()]
        while said[-1] and not said[-1].startswith("exit "):
            said.append(program.stdout.readline())
        return said

    before = Path(location).read_bytes() if "://" not in location else b""
    line, end = run("history people")
    assert end == "exit 1\n"
    assert f"was made by an earlier version of webexhist (revision {REVISION}): let webexhist poll bring it" in line
    assert not before or Path(location).read_bytes() == before
    assert run("note add hello")[-1] == "exit 0\n"
    assert run("history people")[-1] == "exit 0\n"
    program.stdin.close()
    assert program.wait(60) == 0
