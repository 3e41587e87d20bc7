"""Brings a missing or older database up to date, after a backup of what is there."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from webexhist.files import LOCK
from webexhist.remarks import remarking
from webexhist.state.private_files import draft_of, locked, make_missing, make_private_folder
from webexhist.store.engine import (
    file_of,
    place_of,
    stored_revision,
    stored_views_version,
    writing,
)
from webexhist.store.errors import (
    BusyDatabaseError,
    ForeignDatabaseError,
    NewerDatabaseError,
    TrialDatabaseError,
    UnusableDatabaseError,
    driver_errors_explained,
)
from webexhist.store.opening.blockers import blockers_named, limit_waits
from webexhist.store.opening.copies import copy_into, require_room
from webexhist.store.opening.interface import make_again, renew_views, stay_in_schema
from webexhist.store.opening.partitions import partition, require_partitionable
from webexhist.store.schema import TRIAL_REVISIONS, VIEWS_VERSION
from webexhist.store.seals.sealing import seal_definitions
from webexhist.store.views import VIEWS
from webexhist.store.waits import patience_of

_POSTGRES_LOCK = 7_739_368
"""Any number will do, as long as all versions of the program use the same."""


@dataclass(frozen=True, slots=True)
class PublicViews:
    """What analysts are given."""

    version: int
    queries: Mapping[str, str]
    """By name."""


CURRENT_VIEWS = PublicViews(VIEWS_VERSION, VIEWS)


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What was done to a database."""

    revision_before: str | None
    """None of a new one."""
    revision: str
    changed_views: tuple[str, ...]
    backup: Path | None = None
    """The copy that was made before, where tables were changed."""


def bring_up_to_date(
    engine: Engine, migrations: Path, views: PublicViews = CURRENT_VIEWS, parts: int | None = None
) -> Upgrade:
    """Makes the tables and views, or runs the migrations and makes the views that are missing, in one transaction.

    A SQLite file with older tables is first copied beside itself ("webexhist.db" → "webexhist.db.before-0.2.0"). Of
    several processes one does the work, the others wait. Raises `TrialDatabaseError`, `NewerDatabaseError`,
    `ForeignDatabaseError`, `DatabaseSpaceError`, `BusyDatabaseError` or `UnusableDatabaseError`, and then has changed
    nothing.
    """
    config = _configuration(migrations)
    scripts = _scripts(config, migrations)
    file = file_of(engine)
    if parts is not None:
        with engine.connect() as connection:
            require_partitionable(connection, _accepted_revision(connection, scripts, _name_of(connection)), parts)
    if file is None:
        with blockers_named(engine), writing(engine) as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _POSTGRES_LOCK})
            return _upgrade(connection, config, scripts, views, parts)
    with lock_beside(file, patience_of(engine)), remarking() as remark:
        backup = _prepare(engine, file, scripts)
        if backup:
            remark(f"the copy that was made before is {backup}")
        with writing(engine) as connection:
            return replace(_upgrade(connection, config, scripts, views), backup=backup)


def require_ours(engine: Engine, migrations: Path, name: str) -> str | None:
    """The revision of a database that this version can bring up to date; None of an empty one.

    Raises `TrialDatabaseError`, `NewerDatabaseError` or `ForeignDatabaseError`, which call the database by that name.
    """
    scripts = _scripts(_configuration(migrations), migrations)
    with driver_errors_explained(place_of(engine)), engine.connect() as connection:
        return _accepted_revision(connection, scripts, name)


def _configuration(migrations: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _scripts(config: Config, migrations: Path) -> ScriptDirectory:
    """The migrations, read now. Raises OSError where they cannot be, which Alembic takes for none."""
    any((migrations / "versions").iterdir())
    scripts = ScriptDirectory.from_config(config)
    scripts.get_current_head()
    return scripts


def _prepare(engine: Engine, file: Path, scripts: ScriptDirectory) -> Path | None:
    """Makes a new file ready, or a copy of one with older tables; returns where the copy lies."""
    with engine.connect() as connection:
        revision = _accepted_revision(connection, scripts, _name_of(connection))
    if revision is None:
        # Kept in the file for good. It cannot be switched on while others read or write: only now.
        with closing(engine.raw_connection()) as fresh:
            fresh.cursor().execute("PRAGMA journal_mode = WAL")
    elif revision != scripts.get_current_head():
        backup = file.with_name(f"{file.name}.before-{scripts.get_current_head()}")
        _back_up(file, backup)
        return backup
    return None


def _upgrade(
    connection: Connection,
    config: Config,
    scripts: ScriptDirectory,
    views: PublicViews,
    parts: int | None = None,
) -> Upgrade:
    before = _accepted_revision(connection, scripts, _name_of(connection))
    head = scripts.get_current_head() or ""
    limit_waits(connection)
    if before is not None:
        stay_in_schema(connection)
    if before != head:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    if parts is not None and before is None:
        partition(connection, parts)
    renewed: tuple[str, ...] = ()
    if stored_views_version(connection) < views.version:
        renewed = renew_views(connection, views.version, views.queries)
    if renewed or before != head:
        seal_definitions(connection)
    # They are sealed as they are made again, and a change of another one is not taken for right with them.
    return Upgrade(before, head, renewed + make_again(connection, views.queries))


def _accepted_revision(connection: Connection, scripts: ScriptDirectory, name: str) -> str | None:
    """The revision of a database that is ours, or None of an empty one; raises where it is neither."""
    revision = stored_revision(connection)
    if revision is None:
        if tables := inspect(connection).get_table_names():
            raise ForeignDatabaseError(
                f"{name} holds tables of another program ({tables[0]})", "choose another database"
            )
        return None
    if revision in TRIAL_REVISIONS:
        raise TrialDatabaseError(
            f"{name} was made by a trial version of webexhist (revision {revision}), whose tables were"
            " laid out differently: this version can neither read nor change them",
            "keep it for the version that made it, whose export snapshots gives what import brings in here, and name"
            " another database for the polls from now on",
        )
    if revision not in {script.revision for script in scripts.walk_revisions()}:
        raise NewerDatabaseError(
            f"{name} was made by another version of webexhist (revision {revision}; this one knows"
            f" revisions up to {scripts.get_current_head()})",
            "update webexhist, or choose another database",
        )
    return revision


def _name_of(connection: Connection) -> str:
    return f"the database {place_of(connection.engine)}"


def _back_up(file: Path, backup: Path) -> None:
    # Once for the copy, once for what the migration may write anew before it is committed.
    require_room(file.parent, 2 * file.stat().st_size, f"bringing the database {file} up to date")
    try:
        with draft_of(backup) as draft:
            copy_into(draft, backup.parent, file)
            draft.take_place()
    except OSError as error:
        raise UnusableDatabaseError(
            f"{backup}, the copy that is made before tables change, cannot be written ({error.strerror or error})",
            "let this user write into its folder, or bring a copy up to date that webexhist db backup makes",
        ) from error


@contextmanager
def lock_beside(file: Path, seconds: float) -> Iterator[None]:
    """Holds the lock file beside a database. Raises BusyDatabaseError after `seconds`."""
    with ExitStack() as held:
        try:
            make_private_folder(file.parent)
            held.enter_context(locked(file.with_name(f"{file.name}{LOCK}"), seconds))
            make_missing(file, 0o644)
        except TimeoutError as error:
            raise BusyDatabaseError(
                f"another process has been bringing the database {file} up to date for {seconds:.0f} seconds",
                "try again later",
            ) from error
        except OSError as error:
            raise UnusableDatabaseError(
                f"the database {file} cannot be made or brought up to date ({error.strerror or error})",
                "name a database in a folder that this user may write",
            ) from error
        yield
