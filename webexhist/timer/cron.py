"""Lines for cron."""

import shlex
from pathlib import Path

from webexhist.errors import ConfigError
from webexhist.timer.jobs import Host, Job

QUIETLY = " > /dev/null"
HOSTS_TABLE = Path("/etc/cron.d/webexhist")


def cron_table(host: Host, jobs: tuple[Job, ...]) -> str:
    """Returns a line a job; in the host's table each names the user, in a user's own none does.

    Raises ConfigError where cron could not know the user.
    """
    return "".join(f"{cron_line(host, job)}\n" for job in jobs)


def cron_line(host: Host, job: Job) -> str:
    """Returns the line of one job. Of what it prints only errors are left, which cron mails."""
    state = "" if host.is_settled else f"WEBEXHIST_STATE_DIR={shlex.quote(str(host.state_dir))} "
    command = (state + shlex.join(host.command_of(job)) + QUIETLY).replace("%", r"\%")
    user = "" if host.for_this_user else f"{named_for_cron(host)} "
    return f"{job.schedule.cron} {user}{command}"


def named_for_cron(host: Host) -> str:
    """Returns the user of the host's table; raises ConfigError for one without a name, or with a blank in it."""
    if host.user.isdecimal() or " " in host.user:
        raise ConfigError(
            f"{host.config} belongs to the user {host.user!r}, which is no name for cron",
            "let systemd run it, or give the file to another user",
        )
    return host.user
