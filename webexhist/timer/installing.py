"""Puts timers where the host looks for them, and takes them out again."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from webexhist.config_file import parsed, section_of, text_of
from webexhist.errors import WebexhistError
from webexhist.interpreters import require_lasting_interpreter
from webexhist.remarks import remarking
from webexhist.state.private_files import make_folder, nameless_draft_of
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


@dataclass(frozen=True, slots=True)
class TimerFile:
    """A file as it is to be."""

    path: Path
    text: str
    mode: int = READABLE
    owned_as: Path | None = None
    """The file whose owner's it is to be; None where it is the folder's."""


def install_systemd(host: Host, jobs: tuple[Job, ...]) -> tuple[Path, ...]:
    """Writes the units, starts their timers, and returns what was written.

    Raises:
        TimerError: there is no systemd here, a file cannot be written, or systemd refuses.
        InterpreterError: the configuration's owner could not run the jobs.
    """
    systemctl = systemctl_of(host)
    require_lasting_interpreter(host.config)
    make_written_folders(host, jobs, made_by_systemd=(HOSTS_STATE,))
    with remarking() as remark:
        timers = (TimerFile(path, text) for path, text in units(host, jobs).items())
        written = put_in_place((*settled_configuration(host), *timers), remark)
        run([*systemctl, "daemon-reload"])
        run([*systemctl, "enable", "--now", *(f"{job.name}.timer" for job in jobs)])
    return written


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
    with remarking() as remark:
        return put_in_place((*settled_configuration(host), TimerFile(HOSTS_TABLE, cron_table(host, jobs))), remark)


def put_in_place(files: Sequence[TimerFile], remark: Callable[[str], None]) -> tuple[Path, ...]:
    """Writes all files before the first of them takes its place, and remarks which have; returns their paths.

    Raises:
        TimerError: one cannot be written.
    """
    file = files[0]
    try:
        with ExitStack() as opened:
            drafts = []
            for file in files:
                make_folder(file.path.parent, READABLE_FOLDER)
                draft = opened.enter_context(nameless_draft_of(file.path, mode=file.mode, owned_as=file.owned_as))
                draft.file.write(file.text.encode())
                draft.file.flush()
                drafts.append(draft)
            for file, draft in zip(files, drafts, strict=True):
                draft.take_place()
                remark(f"{file.path} is written")
    except OSError as error:
        raise not_written(file.path, error) from error
    return tuple(file.path for file in files)


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
    removed, left = deleted(files)
    with remarking() as remark:
        for file in removed:
            remark(f"{file} is deleted")
        if systemctl:
            run([*systemctl, "daemon-reload"])
            # As patterns: a service that is loaded no more, for it never failed, is no error then.
            run([*systemctl, "reset-failed", *(f"{name}.service*" for name in names)])
        if left:
            these = ", ".join(f"{file} ({error.strerror})" for file, error in left.items())
            raise TimerError(f"cannot delete {these}", "delete that as its owner or as root") from left.popitem()[1]
    return removed


def deleted(files: Iterable[Path]) -> tuple[tuple[Path, ...], dict[Path, OSError]]:
    """Deletes the files that are there; returns which were, and which are left, with what kept them."""
    removed: list[Path] = []
    left: dict[Path, OSError] = {}
    for file in filter(os.path.lexists, files):  # where nothing can be written, that is what is said of any name
        try:
            file.unlink()
        except OSError as error:
            left[file] = error
        else:
            removed.append(file)
    return tuple(removed), left


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


def settled_configuration(host: Host) -> tuple[TimerFile, ...]:
    """The configuration with state_dir in it, where that is missing, so that every command finds what timers keep.

    Raises:
        TimerError: it cannot be read.
    """
    if host.is_settled:
        return ()
    try:
        before = text_of(host.config)
        mode = host.config.stat().st_mode & 0o777
    except OSError as error:
        raise not_written(host.config, error) from error
    section = section_of(parsed(before, host.config), host.config)
    return (TimerFile(host.config, with_state_dir(before, section, host.state_dir), mode, owned_as=host.config),)


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
        raise TimerError(f"{' '.join(words[:3])} failed ({done.stderr.strip()})", "correct that, and run this again")


def not_written(file: Path, error: OSError) -> TimerError:
    """The error for a file that cannot be written."""
    return TimerError(f"cannot write {file} ({error.strerror})", "run this as its owner or as root, or with --user")
