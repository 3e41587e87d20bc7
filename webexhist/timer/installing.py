"""Puts timers where the host looks for them, and takes them out again."""

import os
import re
import shutil
import subprocess
from collections.abc import Collection, Iterable
from pathlib import Path

from webexhist.config_file import parsed, section_of, text_of
from webexhist.errors import WebexhistError
from webexhist.interpreters import require_lasting_interpreter
from webexhist.state.private_files import make_folder, write_private
from webexhist.state.trusted_files import ROOT
from webexhist.timer.cron import HOSTS_TABLE, cron_table
from webexhist.timer.jobs import HOSTS_STATE, NAMES, Host, Job
from webexhist.timer.systemd import stamps_folder, units, units_folder

BOOTED = Path("/run/systemd/system")
"""There where systemd runs the host (sd_booted)."""
READABLE = 0o644
READABLE_FOLDER, PRIVATE_FOLDER = 0o755, 0o700


class TimerError(WebexhistError):
    """A timer cannot be put in place, or taken out."""


def install_systemd(host: Host, jobs: tuple[Job, ...]) -> tuple[Path, ...]:
    """Writes the units, starts their timers, and returns what was written.

    Raises:
        TimerError: there is no systemd here, a file cannot be written, or systemd refuses.
        InterpreterError: the configuration's owner could not run the jobs.
    """
    systemctl = systemctl_of(host)
    require_lasting_interpreter(host.config)
    make_written_folders(host, jobs, made_by_systemd=(HOSTS_STATE,))
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
        InterpreterError: the configuration's owner could not run the jobs.
    """
    if host.for_this_user:
        raise TimerError(
            "a user's table is not a file to be written", "webexhist timer print --cron, then crontab -e"
        )
    require_lasting_interpreter(host.config)
    make_written_folders(host, jobs)
    written = [*settle_state(host)]
    write(HOSTS_TABLE, cron_table(host, jobs))
    return (*written, HOSTS_TABLE)


def remove(*, for_this_user: bool, keeping: Collection[Path] = ()) -> tuple[Path, ...]:
    """Stops the timers and deletes their files, and what systemd kept of them; returns what was deleted.

    `keeping` are files of timers that go on.

    Raises:
        TimerError: a file cannot be deleted, or systemd refuses.
    """
    units, stamps = units_folder(for_this_user=for_this_user), stamps_folder(for_this_user=for_this_user)
    names = [name for name in NAMES if units / f"{name}.timer" not in keeping]
    timers = [f"{name}.timer" for name in names if (units / f"{name}.timer").exists()]
    systemctl = systemctl_words(for_this_user=for_this_user) if BOOTED.is_dir() and timers else []
    if systemctl:
        run([*systemctl, "disable", "--now", *timers])
    files = [units / f"{name}.{kind}" for name in names for kind in ("service", "timer")]
    files += [stamps / f"stamp-{name}.timer" for name in names]
    if not for_this_user and HOSTS_TABLE not in keeping:
        files.append(HOSTS_TABLE)
    removed = tuple(filter(delete, files))
    if systemctl:
        run([*systemctl, "daemon-reload"])
        # As patterns: a service that is loaded no more, for it never failed, is no error then.
        run([*systemctl, "reset-failed", *(f"{name}.service*" for name in names)])
    return removed


def delete(file: Path) -> bool:
    """Deletes a file, and returns whether it was there."""
    try:
        file.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise TimerError(f"cannot delete {file} ({error.strerror})", "run this as its owner or as root") from error
    return True


def make_written_folders(host: Host, jobs: Iterable[Job], made_by_systemd: Collection[Path] = ()) -> None:
    """Makes the folders that jobs of the host write into, for their user: he may make none where they are to lie.

    Raises:
        TimerError: one cannot be made.
    """
    if host.for_this_user:
        return
    owner = host.config.stat()
    modes = {folder: READABLE_FOLDER for job in jobs for folder in job.folders}
    modes |= dict.fromkeys(host.written_folders, PRIVATE_FOLDER)
    for folder, mode in modes.items():
        if folder in made_by_systemd or folder.exists():
            continue
        try:
            make_folder(folder, mode)
            if folder.parent.stat().st_uid == ROOT:  # below another user's folder it is his
                os.chown(folder, owner.st_uid, owner.st_gid, follow_symlinks=False)
        except OSError as error:
            raise not_written(folder, error) from error


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
    return systemctl_words(for_this_user=host.for_this_user)


def systemctl_words(*, for_this_user: bool) -> list[str]:
    """The words that begin a call of systemctl, for the system or for this user."""
    return ["systemctl", "--user"] if for_this_user else ["systemctl"]


def run(words: list[str]) -> None:
    """Runs a program. Raises TimerError, with what it said, where it fails."""
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603  (words of this module)
    if done.returncode:
        raise TimerError(f"{' '.join(words[:3])} failed ({done.stderr.strip()})", "correct that, and install again")


def write(file: Path, text: str) -> None:
    """Writes a file that all may read, and its folder. Raises TimerError where that cannot be done."""
    try:
        make_folder(file.parent, 0o755)
        write_private(file, text.encode(), mode=READABLE)
    except OSError as error:
        raise not_written(file, error) from error


def not_written(file: Path, error: OSError) -> TimerError:
    """The error for a file that cannot be written."""
    return TimerError(f"cannot write {file} ({error.strerror})", "run this as its owner or as root, or with --user")
