"""Puts timers where the host looks for them, and takes them out again."""

import re
import shutil
import subprocess
from pathlib import Path

from webexhist.config_file import parsed, section_of, text_of
from webexhist.errors import WebexhistError
from webexhist.state.private_files import make_folder, write_private
from webexhist.timer.cron import HOSTS_TABLE, cron_table
from webexhist.timer.jobs import Host, Job
from webexhist.timer.systemd import units, units_folder

BOOTED = Path("/run/systemd/system")
"""There where systemd runs the host (sd_booted)."""
READABLE = 0o644
NAMES = "webexhist*"
"""How the files of all timers are named."""


class TimerError(WebexhistError):
    """A timer cannot be put in place, or taken out."""


def install_systemd(host: Host, jobs: tuple[Job, ...]) -> tuple[Path, ...]:
    """Writes the units, starts their timers, and returns what was written.

    Raises:
        TimerError: there is no systemd here, a file cannot be written, or systemd refuses.
    """
    systemctl = systemctl_of(host)
    written = [*settle_state(host)]
    for file, text in units(host, jobs).items():
        write(file, text)
        written.append(file)
    run([*systemctl, "daemon-reload"])
    run([*systemctl, "enable", "--now", *(f"{job.name}.timer" for job in jobs)])
    return tuple(written)


def install_cron(host: Host, jobs: tuple[Job, ...]) -> tuple[Path, ...]:
    """Writes the host's table, and returns what was written.

    Raises:
        TimerError: this is a user's timer, or a file cannot be written.
    """
    if host.for_this_user:
        raise TimerError(
            "a user's table is not a file to be written", "webexhist timer print --cron, then crontab -e"
        )
    written = [*settle_state(host)]
    write(HOSTS_TABLE, cron_table(host, jobs))
    return (*written, HOSTS_TABLE)


def remove(host: Host) -> tuple[Path, ...]:
    """Stops the timers and deletes their files; returns what was deleted.

    Raises:
        TimerError: a file cannot be deleted, or systemd refuses.
    """
    files = sorted(path for path in units_folder(host).glob(NAMES) if path.suffix in (".service", ".timer"))
    timers = [path.name for path in files if path.suffix == ".timer"] if BOOTED.is_dir() else []
    if timers:
        run([*systemctl_of(host), "disable", "--now", *timers])
    if not host.for_this_user and HOSTS_TABLE.exists():
        files.append(HOSTS_TABLE)
    for file in files:
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise TimerError(
                f"cannot delete {file} ({error.strerror})", "run this as its owner or as root"
            ) from error
    if timers:
        run([*systemctl_of(host), "daemon-reload"])
    return tuple(files)


def settle_state(host: Host) -> tuple[Path, ...]:
    """Writes state_dir into the configuration where it is missing, so that every command finds what the timers keep.

    Returns the configuration where it was changed.
    """
    if host.is_settled:
        return ()
    try:
        before = text_of(host.config)
        section = section_of(parsed(before, host.config), host.config)
        text = with_state_dir(before, section, host.state_dir)
        mode = host.config.stat().st_mode & 0o777
        write_private(host.config, text.encode(), mode=mode, owned_as=host.config)
    except OSError as error:
        raise not_written(host.config, error) from error
    return (host.config,)


def with_state_dir(text: str, section: str, state_dir: Path) -> str:
    """Returns the text of a configuration with the setting in its section, everything else as it is."""
    return re.sub(
        rf"(?m)^[ \t]*\[{re.escape(section)}\].*$",
        lambda found: f"{found[0]}\nstate_dir = {state_dir}",
        text,
        count=1,
    )


def systemctl_of(host: Host) -> list[str]:
    """Returns the words that speak to the systemd of the user or of the host."""
    if not BOOTED.is_dir() or shutil.which("systemctl") is None:
        raise TimerError("there is no systemd here", "let cron run it: webexhist timer install --cron")
    return ["systemctl", "--user"] if host.for_this_user else ["systemctl"]


def run(words: list[str]) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603  (words of this module)
    if done.returncode:
        raise TimerError(f"{' '.join(words[:3])} failed ({done.stderr.strip()})", "correct that, and install again")


def write(file: Path, text: str) -> None:
    try:
        make_folder(file.parent, 0o755)
        write_private(file, text.encode(), mode=READABLE)
    except OSError as error:
        raise not_written(file, error) from error


def not_written(file: Path, error: OSError) -> TimerError:
    return TimerError(f"cannot write {file} ({error.strerror})", "run this as its owner or as root, or with --user")
