"""`webexhist timer install|print|remove`: the host runs polls and reports by itself."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from webexhist.addresses import is_mail_address
from webexhist.cli.app import COLLECT, ConfigOption, app
from webexhist.cli.output import print_file, print_line
from webexhist.cli.readable_help import Commands
from webexhist.cli.settings import print_unheeded
from webexhist.errors import ConfigError, UsageError
from webexhist.remarks import remarked

if TYPE_CHECKING:
    from webexhist.timer.jobs import Host, Job

commands = Commands(
    help="Let systemd or cron poll, with or without an agent.\n\nExample: webexhist timer install",
    no_args_is_help=True,
)
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
DigestOption = Annotated[
    str, typer.Option(metavar="ADDRESS", help="Also mail there what needs a decision, as digest does.")
]


@commands.command("print")
def print_(
    cron: CronOption = False,
    user: UserOption = False,
    slow: SlowOption = "",
    report: ReportOption = None,
    digest: DigestOption = "",
    config: ConfigOption = None,
) -> None:
    """Print the units or lines, and where they belong. Nothing is written.

    Example: webexhist timer print --cron
    """
    from webexhist.timer.cron import HOSTS_TABLE, cron_table
    from webexhist.timer.systemd import units

    host, jobs = planned(user, slow, report, digest, config)
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
    digest: DigestOption = "",
    config: ConfigOption = None,
) -> None:
    """Put the timers in place and start them; others of webexhist end.

    Where their state lies is written into the configuration.

    Example: webexhist timer install --slow people,devices --report /var/www/licenses --digest anna@example.com
    """
    from webexhist.timer.installing import install_cron, install_systemd
    from webexhist.timer.installing import remove as remove_all

    host, jobs = planned(user, slow, report, digest, config)
    written = (install_cron if cron else install_systemd)(host, jobs)
    for path in written:
        print_line(f"Written: {path}")
    with remarked("what was asked for is in place and runs"):
        removed = remove_all(for_this_user=host.for_this_user, keeping=written)
    for path in removed:
        print_line(f"Deleted: {path}")
    print_line(f"As {host.user}: {'; '.join(f'{job.purpose}, {job.schedule.words}' for job in jobs)}.")
    if host.for_this_user and not cron:
        print_line("They run while you are logged in; always, after: loginctl enable-linger")


@commands.command()
def remove(user: UserOption = False) -> None:
    """Stop the timers and delete their files. Configuration, tokens and history stay.

    Example: webexhist timer remove
    """
    from webexhist.timer import installing

    removed = installing.remove(for_this_user=is_for_this_user(user))
    for path in removed:
        print_line(f"Deleted: {path}")
    if not removed:
        print_line("There is no timer.")


def is_for_this_user(asked: bool) -> bool:
    """Only root has timers of the host."""
    return asked or os.geteuid() != 0


def planned(
    user: bool, slow: str, report: Path | None, digest: str, config: Path | None
) -> tuple["Host", tuple["Job", ...]]:
    """What is to run, with what.

    Raises:
        UsageError: a collector or an address that is none.
        ConfigError: there is no configuration, or none that mails can be sent with.
    """
    from webexhist.timer.jobs import host_for, jobs_of
    from webexhist.webex.holding import require_asked, require_known

    collectors = sorted({name.strip() for name in slow.split(",")} - {""})
    require_known(collectors)
    if digest and not is_mail_address(digest):
        raise UsageError(
            f"{digest!r} is no address of a mail", "write --digest anna@example.com; a URL may hold a password"
        )
    host = host_for(config, os.environ, for_this_user=is_for_this_user(user))
    print_unheeded(host.settings)
    require_asked(collectors, host.settings)
    if digest and not host.settings.smtp_host:
        raise ConfigError("no smtp_host is set", f"a mail needs a server: set it in {host.config}")
    return host, jobs_of(host, collectors, report, digest)
