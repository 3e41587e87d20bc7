"""Where a database is: its path or URL read, and shown without its secrets."""

import re
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from webexhist.errors import ConfigError
from webexhist.redact import shown_address, without_secrets

LOCATIONS = "give a path for SQLite, or postgresql+psycopg://user@host/database"
MISSPELT_URL = re.compile(
    r"(?:^|/)[a-z][a-z0-9+]*:/|(?:^|//)[^/@\s]*:[^/@\s]+@|(?:^|[\s/])(?:host|hostaddr|dbname|user|password|service)\s*=",
    re.IGNORECASE,
)
"""A URL without its slashes or its scheme, or what libpq takes: a password in it would become the name of a file."""


def url_of(location: str | Path) -> URL:
    """The URL of a database at a path or SQLAlchemy URL.

    Raises:
        ConfigError: it cannot be understood; no password in it is repeated.
    """
    shown = shown_address(str(location))
    if "://" not in str(location):
        if MISSPELT_URL.search(str(location)):
            raise ConfigError(f"the database {without_secrets(shown)} is no path, and no URL either", LOCATIONS)
        return URL.create("sqlite", database=whole_path(str(location)))
    try:
        url = make_url(str(location))
        backend = url.get_backend_name()
    except (ArgumentError, ValueError) as error:  # its text repeats what it takes for a port
        raise ConfigError(f"the database URL {shown} cannot be understood", LOCATIONS) from error
    if "@" in f"{url.host}{url.database}":
        raise ConfigError(f"the database URL {shown} holds more than one @", "write an @ in a password as %40")
    if backend == "postgresql":
        require_hosts(url, shown)
        return url.set(drivername="postgresql+psycopg")
    if backend == "sqlite":
        return sqlite_url(url, shown)
    raise ConfigError(f"{url.drivername} databases are not supported", LOCATIONS)


def require_hosts(url: URL, shown: str) -> None:
    """Raises `ConfigError` where a server's name is none; the driver would not say so."""
    import encodings.idna  # noqa: F401  (where it cannot be loaded this says so; to be encoded, "idna" is unknown then)

    of_query = url.query.get("host", ())
    names = [url.host or "", *((of_query,) if isinstance(of_query, str) else of_query)]
    for name in ",".join(names).split(","):
        try:
            name.encode("utf-8" if name.startswith(("/", "@")) else "idna")
        except UnicodeError as error:
            raise ConfigError(f"the database URL {shown} names a server that cannot be one", LOCATIONS) from error


def sqlite_url(url: URL, shown: str) -> URL:
    """A URL with a path and nothing else: what SQLite's driver may be asked is this program's to ask."""
    if not url.database or url.database == ":memory:" or url.host or "\0" in url.database:
        raise ConfigError(f"the database URL {shown} leads to no file", LOCATIONS)
    if url.query:
        raise ConfigError(
            f"the database URL {shown} has parameters ({', '.join(url.query)}), and a file has none",
            "leave away the question mark and what follows",
        )
    return URL.create("sqlite", database=whole_path(url.database))


def whole_path(location: str) -> str:
    """From / on; ~ is the home of a user. Raises ConfigError where that cannot be found."""
    try:
        return str(Path(location).expanduser().absolute())
    except (RuntimeError, OSError) as error:  # a home of nobody known here; a current folder that is gone
        raise ConfigError(f"the database {location} cannot be found", "give a whole path, from / on") from error


def shown(url: URL) -> str:
    """A database's path, or its URL without its secrets."""
    return str(url.database) if url.get_backend_name() == "sqlite" else shown_address(url.render_as_string())


def shown_location(location: str | Path) -> str:
    """A path or URL as it can be shown; raises `ConfigError` where it cannot be understood."""
    return shown(url_of(location))
