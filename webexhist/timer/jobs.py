"""What is to run, when, and as whom: the same for systemd and cron."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from webexhist.config import Settings, given_settings, settings_of
from webexhist.config_file import find_config_file
from webexhist.errors import ConfigError
from webexhist.state.last_run import OUTLOOK_SECONDS
from webexhist.user_folders import owner_of, user_data

HOSTS_STATE = Path("/var/lib/webexhist")
"""Where the state of polls lies that the host runs; systemd makes it for whichever user they run as."""
POLL_MINUTES = 5
GRACE_SECONDS = 30.0
"""What a poll may take beyond its budget, to start and to save."""
SLOW_BUDGET_SECONDS = 3_000.0
"""For lists that do not fit into a poll: they have most of an hour."""
REPORT_SECONDS = 3_600.0


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a job runs, in both languages."""

    calendar: str
    """As OnCalendar of systemd has it."""
    cron: str
    """The five fields of cron."""
    words: str


EVERY_FIVE_MINUTES = Schedule(f"*:0/{POLL_MINUTES}", f"*/{POLL_MINUTES} * * * *", f"every {POLL_MINUTES} minutes")
EVERY_HOUR = Schedule("*:17", "17 * * * *", "every hour")
EVERY_MONTH = Schedule("*-*-01 06:00", "0 6 1 * *", "on the first of each month")
EVERY_MORNING = Schedule("*-*-* 06:20", "20 6 * * *", "every morning")
NAMES = ("webexhist", "webexhist-slow", "webexhist-report", "webexhist-digest")
"""Of all jobs that there can be, as units are called."""


@dataclass(frozen=True, slots=True)
class Job:
    """One command that runs again and again."""

    name: str
    """Of the unit, one of NAMES."""
    purpose: str
    arguments: tuple[str, ...]
    """Of the program, without its configuration."""
    schedule: Schedule
    seconds: float
    """After which it is ended."""
    folders: tuple[Path, ...] = ()
    """Where it writes, beside the state and the database."""


@dataclass(frozen=True, slots=True)
class Host:
    """What the jobs run with: the one configuration, its owner, and the place where their state lies."""

    config: Path
    settings: Settings
    user: str
    """The owner of the configuration, as whom the jobs run."""
    for_this_user: bool
    """Whether they are timers of a user, not of the host."""
    state_dir: Path
    is_settled: bool
    """Whether the configuration names this state_dir."""

    @property
    def written_folders(self) -> tuple[Path, ...]:
        """Where every job writes: the state folder, and the database's where that is another."""
        folders = [self.state_dir]
        database = self.settings.database
        if "://" not in database and Path(database).absolute().parent != self.settings.state_dir.absolute():
            folders.append(Path(database).absolute().parent)
        return tuple(dict.fromkeys(folders))

    def command_of(self, job: Job) -> list[str]:
        """Returns the words that run a job."""
        return [sys.executable, "-I", "-m", "webexhist", *job.arguments, "--config", str(self.config)]


def host_for(config: Path | None, environment: Mapping[str, str], *, for_this_user: bool) -> Host:
    """Returns what the jobs run with. They see no environment, so that the configuration has to say everything.

    Raises:
        ConfigError: there is no configuration, or it cannot be read.
    """
    found = find_config_file(config, environment)
    file = found.path
    if file is None:
        raise found.missing(
            "there is no configuration", "begin one with webexhist config init, or name it with --config"
        )
    given = given_settings({}, file, {})
    settings = replace(settings_of(given), passed_over=found.passed_over)
    is_settled = bool(given.texts.get("state_dir", "").strip())
    return Host(
        config=file.absolute(),
        settings=settings,
        user=owner_of(file),
        for_this_user=for_this_user,
        state_dir=settings.state_dir.absolute() if is_settled else usual_state(for_this_user=for_this_user),
        is_settled=is_settled,
    )


def usual_state(*, for_this_user: bool) -> Path:
    """Returns where the state lies unless the configuration says it; raises ConfigError for a user without a home."""
    return user_data() if for_this_user else HOSTS_STATE


def jobs_of(host: Host, slow: Sequence[str] = (), report: Path | None = None, digest: str = "") -> tuple[Job, ...]:
    """Returns the jobs: polls; where asked for, collectors that take longer than a poll, the monthly report, mails.

    Raises ConfigError where a path cannot be written on one line.
    """
    budget = host.settings.budget_seconds
    jobs = [
        Job(
            "webexhist",
            "Poll Webex and keep a snapshot",
            ("poll", "--quiet"),
            EVERY_FIVE_MINUTES,
            budget + GRACE_SECONDS + OUTLOOK_SECONDS,
        )
    ]
    if slow:
        options = ("--only", ",".join(slow), "--budget-seconds", f"{SLOW_BUDGET_SECONDS:g}")
        purpose = f"Count {', '.join(slow)}, which take longer than a poll"
        seconds = SLOW_BUDGET_SECONDS + GRACE_SECONDS + OUTLOOK_SECONDS
        jobs.append(Job("webexhist-slow", purpose, ("poll", "--quiet", *options), EVERY_HOUR, seconds))
    if report is not None:
        folder = report.resolve()
        words = ("report", "--out", str(folder))
        # A report is written beside the former one, which it then replaces.
        jobs.append(
            Job("webexhist-report", "Write the monthly review", words, EVERY_MONTH, REPORT_SECONDS, (folder.parent,))
        )
    if digest:
        words = ("digest", "--to", f"mail:{digest}")
        jobs.append(Job("webexhist-digest", "Mail what needs a decision", words, EVERY_MORNING, REPORT_SECONDS))
    require_written_on_a_line(
        word for job in jobs for word in (*host.command_of(job), *map(str, (*host.written_folders, *job.folders)))
    )
    return tuple(jobs)


def require_written_on_a_line(words: Iterable[str]) -> None:
    """Raises ConfigError for a path that would end its line in a unit or a table, or that nobody sees as it is."""
    for word in words:
        if not word.isprintable():
            raise ConfigError(
                f"the path {word!r} has characters that cannot be written for systemd and cron", "rename it"
            )
