"""`webexhist timer install|print|remove`: the host runs polls and reports by itself."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from webexhist.cli.app import COLLECT, ConfigOption, app
from webexhist.cli.output import print_file, print_line

if TYPE_CHECKING:
    from webexhist.timer.jobs import Host, Job

commands = typer.Typer(help="Let systemd or cron poll, with or without an agent.", no_args_is_help=True)
app.add_typer(commands, name="timer", rich_help_panel=COLLECT)

CronOption = Annotated[bool, typer.Option("--cron", help="Lines for cron instead of units for systemd.")]
UserOption = Annotated[
    bool,
    typer.Option(
        "--user", help="As timers of this user, not of the host [where this is not root].", show_default=False
    ),
]
SlowOption = Annotated[
    str, typer.Option(metavar="COLLECTOR,…", help="Also count these every hour, with a budget of their own.")
]
ReportOption = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="Also write the monthly review there.", show_default=False)
]


@commands.command("print")
def print_(
    cron: CronOption = False,
    user: UserOption = False,
    slow: SlowOption = "",
    report: ReportOption = None,
    config: ConfigOption = None,
) -> None:
    """Print the units or lines, and where they belong. Nothing is written.

    Example: webexhist timer print --cron
    """
    from webexhist.timer.cron import HOSTS_TABLE, cron_table
    from webexhist.timer.systemd import units

    host, jobs = planned(user, slow, report, config)
    if cron:
        print_file(cron_table(host, jobs) if host.for_this_user else f"# {HOSTS_TABLE}\n{cron_table(host, jobs)}")
        return
    for file, text in units(host, jobs).items():
        print_file(f"# {file}\n{text}")


@commands.command()
def install(
    cron: CronOption = False,
    user: UserOption = False,
    slow: SlowOption = "",
    report: ReportOption = None,
    config: ConfigOption = None,
) -> None:
    """Put the timers in place and start them. Where their state lies is written into the configuration.

    Example: webexhist timer install --slow people,devices --report /var/www/licenses
    """
    from webexhist.timer.installing import install_cron, install_systemd

    host, jobs = planned(user, slow, report, config)
    for path in (install_cron if cron else install_systemd)(host, jobs):
        print_line(f"Written: {path}")
    print_line(f"As {host.user}: {'; '.join(f'{job.purpose}, {job.schedule.words}' for job in jobs)}.")


@commands.command()
def remove(user: UserOption = False, config: ConfigOption = None) -> None:
    """Stop the timers and delete their files. Configuration, tokens and history stay.

    Example: webexhist timer remove
    """
    from webexhist.timer import installing

    host, _ = planned(user, "", None, config)
    removed = installing.remove(host)
    for path in removed:
        print_line(f"Deleted: {path}")
    if not removed:
        print_line("There is no timer.")


def planned(user: bool, slow: str, report: Path | None, config: Path | None) -> tuple["Host", tuple["Job", ...]]:
    """What is to run, with what."""
    from webexhist.timer.jobs import host_for, jobs_of
    from webexhist.webex.holding import require_known

    collectors = sorted({name.strip() for name in slow.split(",")} - {""})
    require_known(collectors)
    host = host_for(config, os.environ, for_this_user=user or os.geteuid() != 0)
    return host, jobs_of(host, collectors, report)
