"""What has to hold before a change lands, one session a question: `nox -s tests` asks one, `nox` asks all.

Each session has an environment of its own, so that none passes by what another has installed. Arguments after `--`
go to the session's program: `nox -s tests -- tests/store -k upgrade`.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import nox

nox.needs_version = ">=2025.5"
# Cheap ones first: a misspelled name is said before the long searches begin.
nox.options.sessions = ["lint", "types", "docs", "tests", "slow", "package", "lowest"]


@nox.session
def tests(session: nox.Session) -> None:
    """The quick suite, as the README's test command runs it."""
    # Editable: the tests find migrations/ and reports/ where they are edited.
    session.install("--editable", ".[test]")
    session.run("pytest", *session.posargs)


@nox.session
def slow(session: nox.Session) -> None:
    """What takes long, such as searches, and which the quick suite leaves out."""
    session.install("--editable", ".[test]")
    # By single tests: a file's searches together would keep one process at work long after the others. But there is
    # one browser.
    session.run("pytest", "-m", "slow", "--dist", "loadgroup", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Style and likely bugs, and the one way to lay out code."""
    session.install(".[check]")
    session.run("ruff", "check", *session.posargs)
    session.run("ruff", "format", "--check", *session.posargs)


@nox.session
def types(session: nox.Session) -> None:
    """Every type is known, and the types agree."""
    # With the package's own dependencies: their types are checked against too.
    session.install("--editable", ".[check,postgres,notify]")
    session.run("mypy", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """The pages of docs/, and no link in them that leads nowhere."""
    session.install(".[docs]")
    session.run("mkdocs", "build", "--strict", *session.posargs)


# The oldest Python, for what is old in the dependencies may not install on a new one.
@nox.session(python="3.11")
def lowest(session: nox.Session) -> None:
    """The quick suite with the lowest version that pyproject.toml allows of each direct dependency."""
    # pip takes the newest; uv can take the oldest of what is named here, and the newest of what that brings along.
    session.install("uv>=0.9,<1")
    # --upgrade: where the environment is used again, a version that is there already is not good enough.
    how = ("--quiet", "--upgrade", "--resolution", "lowest-direct")
    session.run("uv", "pip", "install", *how, "--editable", ".[test]")
    session.run("uv", "pip", "freeze", "--exclude-editable")
    # The browser sees what the tests of the report see, and those of the contract ask other people's clients.
    left_out = ("--ignore=tests/browser", "--ignore=tests/simulator/contract")
    session.run("pytest", *left_out, *session.posargs)


@nox.session
def package(session: nox.Session) -> None:
    """What users install: a wheel made of the source distribution, in an empty environment, run elsewhere."""
    session.install("build>=1.2,<2")
    with TemporaryDirectory() as folder:
        work = Path(folder)
        # Neither --wheel nor --sdist: then the wheel is built from the source distribution, which shows it whole.
        session.run("python", "-m", "build", "--outdir", str(work / "dist"), silent=True)
        session.run("python", "-m", "venv", str(work / "empty"))
        programs = work / "empty" / "bin"
        [wheel] = (work / "dist").glob("*.whl")
        session.run(str(programs / "pip"), "install", "--quiet", str(wheel), external=True)
        elsewhere = work / "elsewhere"
        elsewhere.mkdir()
        with session.chdir(elsewhere):
            session.run(str(programs / "webexhist"), "demo", "--out", "demo", silent=True, external=True)
        for made in ("demo/report/index.html", "demo/webexhist.db"):
            if not (elsewhere / made).stat().st_size:
                session.error(f"the demo wrote an empty {made}")
    session.log("the wheel works from another folder")
