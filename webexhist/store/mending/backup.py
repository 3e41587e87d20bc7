"""Backups of a SQLite database, and the way back: each is whole, verified, and takes its place in one step."""

import os
import shlex
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection, DatabaseError, OperationalError
from typing import BinaryIO

from sqlalchemy import URL, Engine

from webexhist.files import BESIDE_A_DATABASE, require_beside_no_database
from webexhist.redact import is_secret
from webexhist.remarks import remarking
from webexhist.renaming import WITHOUT_LINKS
from webexhist.resources import resource_folder
from webexhist.state.private_files import draft_of, make_private_folder
from webexhist.store.engine import engine_for, file_of, place_of
from webexhist.store.errors import (
    BusyDatabaseError,
    DamagedDatabaseError,
    ExistingFileError,
    ForeignDatabaseError,
    MissingDatabaseError,
    ServerDatabaseError,
    UnusableDatabaseError,
    driver_errors_explained,
)
from webexhist.store.index_room import connected_with_room
from webexhist.store.opening.copies import copy_into, require_room
from webexhist.store.opening.database_file import is_there, require_own
from webexhist.store.opening.migrate import lock_beside, require_ours
from webexhist.store.schema import REVISION
from webexhist.store.seals.damage import find_damage
from webexhist.store.times import in_file_names
from webexhist.store.waits import BUSY_SECONDS

RIGHTS = 0o600
ANOTHER_FOLDER = "name a file in a folder that this user may write"
ELSEWHERE = "make one elsewhere with webexhist db backup FILE, then say so with --backed-up"
"""What helps where the backup that is made by itself cannot be written, whatever is in its way."""
ANOTHER_DATABASE = "let this user write into its folder, or bring the backup into another one with --database"
ANOTHER_BACKUP = "nothing was changed; try another backup"
MOST_OF_A_SECOND = 99
LOOK_SECONDS = 0.1
"""How often is tried again to have a database for oneself."""


def back_up(engine: Engine, target: Path, refused: str = ANOTHER_FOLDER) -> None:
    """Copies the database into a file that is not there yet, while polls go on, and verifies the copy.

    `refused` is what helps where it cannot be written there. Raises `MissingDatabaseError`, `ExistingFileError`,
    `ServerDatabaseError`, `DamagedDatabaseError`, `DatabaseSpaceError` or `UnusableDatabaseError`, and then has left
    no file.
    """
    file = _file_or_refused(engine, f"pg_dump --format=custom --file={shlex.quote(str(target))}")
    if not is_there(file):
        raise MissingDatabaseError(f"there is no database {file} yet", "name another database")
    if os.path.lexists(target):
        raise _exists(target)
    with _writing_to(target, refused):
        require_beside_no_database(target)
        require_room(target.parent, file.stat().st_size, "a backup")
        with draft_of(target, mode=RIGHTS) as draft:
            copy = copy_into(draft, target.parent, file)
            _require_whole(copy, file, "database", "no backup was made; see webexhist db check")
            draft.sync()
            try:
                draft.take_free_place_for_good()
            except FileExistsError as error:
                raise _exists(target) from error


def back_up_before(engine: Engine, backup: Path | None, remark: Callable[[str], None]) -> None:
    """Makes the backup, where there is to be one, before something is done, and remarks where it lies.

    It takes room, and may be wanted, where that then fails. Raises as `back_up`.
    """
    if backup:
        back_up(engine, backup, ELSEWHERE)
        remark(f"the backup that was made before is {backup}")


def backup_beside(engine: Engine, purpose: str, now: datetime) -> Path:
    """Where a backup lies that is made before something is done; raises `ServerDatabaseError` on a server."""
    command = f"pg_dump --format=custom --file=before-{purpose}.dump"
    file = _file_or_refused(engine, command, then=", then say so with --backed-up")
    return _kept_beside(file, purpose, now)


def _kept_beside(file: Path, purpose: str, now: datetime) -> Path:
    """A name for what the database was before something was done; a second one of the same second has a number."""
    name = f"{file.name}.before-{purpose}-{in_file_names(now)}"
    names = (name, *(f"{name}-{number}" for number in range(2, MOST_OF_A_SECOND + 1)))
    free = (
        each
        for each in names
        if not any(os.path.lexists(file.with_name(each + end)) for end in ("", *BESIDE_A_DATABASE))
    )
    return file.with_name(next(free, name))


def restore(engine: Engine, backup: Path, now: datetime) -> Path | None:
    """Puts a verified copy of the backup into the place of the database; returns where the database before it lies.

    Nobody can write in between, and a process that is killed leaves the one or the other. Raises
    `MissingDatabaseError`, `ForeignDatabaseError`, `NewerDatabaseError`, `DamagedDatabaseError`, `BusyDatabaseError`,
    `DatabaseSpaceError` or `UnusableDatabaseError`, and then has changed nothing.
    """
    file = _file_or_refused(engine, f"pg_restore --clean --if-exists {shlex.quote(str(backup))}")
    is_there(file)  # or nothing is: what else lies there is no database
    require_own(file)
    if not backup.is_file():
        raise MissingDatabaseError(f"there is no backup {backup}", "name the file that webexhist db backup made")
    with remarking() as remark, _writing_to(file, ANOTHER_DATABASE):
        make_private_folder(file.parent)
        require_room(file.parent, backup.stat().st_size, "bringing a backup in")
        rights = file.stat().st_mode & 0o777 if file.exists() else RIGHTS
        with draft_of(file, mode=rights) as draft:
            try:
                copy = copy_into(draft, file.parent, backup)
            except DamagedDatabaseError as error:
                raise DamagedDatabaseError(error.problem, ANOTHER_BACKUP) from error
            _require_whole(copy, backup, "backup", ANOTHER_BACKUP)
            with driver_errors_explained(str(file)), closing(connected_with_room(copy)) as fresh:
                fresh.execute("PRAGMA journal_mode = WAL")
            draft.sync()
            with (
                lock_beside(file, BUSY_SECONDS),
                driver_errors_explained(str(file)),
                # Closed when nobody is kept out any more: to close a file ends all locks that a process has on it.
                file.open("rb") as former,
                _alone(file),
                _set_aside(file, former, now, remark) as kept,
            ):
                draft.take_place()
            remark(f"the backup is in its place{f', and what was there before is {kept}' if kept else ''}")
            draft.sync_place()
    return kept


def _require_whole(copy: Path, of: Path, kind: str, next_step: str) -> None:
    """Raises where a copy is not ours or is damaged; `kind` is what that is which it is a copy of."""
    engine, name = engine_for(copy, copy_of=of), f"the {kind} {of}"
    try:
        revision = require_ours(engine, resource_folder("migrations"), name)
        if revision is None:
            raise ForeignDatabaseError(f"{name} holds nothing", next_step)
        damage = find_damage(engine) if revision == REVISION else ()
    finally:
        engine.dispose()
    if damage:
        more = f" and {len(damage) - 1} more" if len(damage) > 1 else ""
        raise DamagedDatabaseError(f"{name} is damaged ({damage[0].in_words}{more})", next_step)


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Keeps everybody else out of a database: who has it open is waited for, who opens it waits.

    Without a log beside the file, which would be taken for that of the file that takes its place. A database that is
    damaged too much for that is written by nobody.
    """
    if not file.stat().st_size:  # just made, to be filled
        yield
        return
    with closing(connected_with_room(file, timeout=LOOK_SECONDS, isolation_level=None)) as own:
        was = file.stat()
        try:
            _lock_out_others(own, file)
            yield
        finally:
            if os.path.samestat(was, file.stat()):
                with suppress(DatabaseError):
                    own.execute("PRAGMA journal_mode = WAL")


def _lock_out_others(own: Connection, file: Path) -> None:
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            own.execute("PRAGMA locking_mode = EXCLUSIVE")
            own.execute("PRAGMA journal_mode = DELETE")
            own.execute("BEGIN EXCLUSIVE")
            own.execute("COMMIT")  # in this mode the lock stays until the connection is closed
        except OperationalError as error:
            if not error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
                raise
            if time.monotonic() >= end:
                raise BusyDatabaseError(
                    f"the database {file} has been open in another process for {BUSY_SECONDS} seconds",
                    "end that process or try again later",
                ) from error
            time.sleep(LOOK_SECONDS)
        except DatabaseError:
            return
        else:
            return


@contextmanager
def _set_aside(file: Path, former: BinaryIO, now: datetime, remark: Callable[[str], None]) -> Iterator[Path | None]:
    """Gives the open database a second name, and takes away what lies beside it; None where it is empty.

    All of it is undone where nothing can take its place. Whether something has, nobody knows who is interrupted: then
    the second name stays, and is remarked.
    """
    beside = [file.with_name(f"{file.name}{end}") for end in BESIDE_A_DATABASE]
    kept = _kept_beside(file, "restore", now) if file.stat().st_size else None
    kept_log = kept and kept.with_name(f"{kept.name}-wal")
    if kept and kept_log:
        _keep(file, former, kept)
        # Only what is damaged has any of them still.
        with suppress(FileNotFoundError), beside[0].open("rb") as log:
            _keep(beside[0], log, kept_log)
    try:
        for path in beside:
            path.unlink(missing_ok=True)
        yield kept
    except OSError:
        if kept and kept_log:
            with suppress(FileNotFoundError):
                kept_log.replace(beside[0])
            kept.unlink()
        raise
    except (KeyboardInterrupt, MemoryError):
        if kept:
            remark(f"what it was before is {kept}")
        raise


def _keep(path: Path, opened: BinaryIO, kept: Path) -> None:
    """Gives an open file a second name; where a file can have one name only, makes a copy of that name."""
    try:
        os.link(path, kept, follow_symlinks=False)
    except OSError as error:
        if error.errno not in WITHOUT_LINKS:
            raise
        with draft_of(kept, mode=os.fstat(opened.fileno()).st_mode & 0o777, owned_as=path) as draft:
            shutil.copyfileobj(opened, draft.file)
            draft.sync()
            draft.take_free_place()


def _file_or_refused(engine: Engine, command: str, then: str = "") -> Path:
    """The database's file. Raises `ServerDatabaseError` where it lies on a server, with the command that helps."""
    file = file_of(engine)
    if file is None:
        raise ServerDatabaseError(
            f"the database {place_of(engine)} lies on a server, which has its own tools for that",
            f"{command} --dbname={shlex.quote(_without_secrets(engine.url))}{then}",
        )
    return file


def _without_secrets(url: URL) -> str:
    """The URL as the server's tools take it, without any password: they ask for it, or find it where libpq does."""
    plain = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    return plain.difference_update_query([name for name in url.query if is_secret(name)]).render_as_string()


@contextmanager
def _writing_to(target: Path, refused: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnusableDatabaseError(f"{target} cannot be written ({error.strerror or error})", refused) from error


def _exists(target: Path) -> ExistingFileError:
    return ExistingFileError(f"{target} is there already, and no backup is overwritten", "name another file")
