"""Settings: configuration file, environment and options brought together into one frozen object."""

import os
from collections.abc import Callable, Mapping
from configparser import Error as IniError
from configparser import RawConfigParser
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from platformdirs import site_config_path, user_config_path, user_data_path

from webexhist.errors import ConfigError, UsageError

FILE_NAME = "webexhist.cfg"
SECTION = "CONFIGURATIONS"
ENVIRONMENT_PREFIX = "WEBEXHIST_"
MESSAGE_SOURCES = ("auto", "events", "rooms", "off")
PATHS = ("database", "state_dir")
LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set, complete: no later step looks at a file, the environment or an option."""

    access_token: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    client_id: str = field(default="", repr=False)
    client_secret: str = field(default="", repr=False)
    use_custom_fields: bool = False
    """True: only `orgids` and `teams` are monitored. False: every organization and team that the token sees."""
    orgids: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    logging: bool = True
    """Whether plugin_perf.log is kept in `state_dir`."""
    base_url: str
    identity_url: str
    analytics_url: str
    database: str = field(repr=False)
    """A path or an SQLAlchemy URL, which may hold a password."""
    state_dir: Path
    budget_seconds: float = 60
    workers: int = 8
    messages_source: str = "auto"
    settle_seconds: int = 120
    file: Path | None = None
    """The configuration file that was read, for messages."""

    @property
    def monitored_organizations(self) -> tuple[str, ...]:
        """Ids of the organizations to poll; empty for all that the token sees."""
        return self.orgids if self.use_custom_fields else ()

    @property
    def monitored_teams(self) -> tuple[str, ...]:
        """Ids of the teams to count; empty for all that the token sees."""
        return self.teams if self.use_custom_fields else ()


def load_settings(
    options: Mapping[str, str | None], config: Path | None = None, environment: Mapping[str, str] = os.environ
) -> Settings:
    """Options beat the environment, the environment beats the file.

    Raises:
        ConfigError: a file that cannot be read or a value that cannot be meant.
        UsageError: `use_custom_fields` without both `orgids` and `teams`.
    """
    file = find_config_file(config, environment)
    texts = with_paths_from(file, read_config_file(file)) if file else {}
    texts |= {key: environment[name] for key in PARSERS if (name := ENVIRONMENT_PREFIX + key.upper()) in environment}
    texts |= {key: text for key, text in options.items() if text is not None}
    values = {key: parse_value(key, texts[key], file) for key in PARSERS if texts.get(key, "").strip()}
    settings = Settings(**with_derived_defaults(values), file=file)
    require_both_custom_fields(settings)
    return settings


def find_config_file(config: Path | None, environment: Mapping[str, str]) -> Path | None:
    """The file asked for, else the first that exists of the usual places; None where there is none."""
    asked_for = config or (Path(environment["WEBEXHIST_CONFIG"]) if environment.get("WEBEXHIST_CONFIG") else None)
    if asked_for is not None:
        return asked_for
    usual_places = (Path(), user_config_path("webexhist"), site_config_path("webexhist"))
    return next((folder / FILE_NAME for folder in usual_places if (folder / FILE_NAME).is_file()), None)


def read_config_file(file: Path) -> dict[str, str]:
    """The keys of the seed's section, or of the only section, read as the Site24x7 agent reads them."""
    parser = RawConfigParser(strict=False)
    try:
        parser.read_string(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ConfigError(
            f"cannot read the configuration {file} ({reason})", "check the path and its rights"
        ) from error
    except IniError as error:
        problem = f"the configuration {file} is not an INI file (line {getattr(error, 'lineno', '?')})"
        raise ConfigError(problem, f"it needs a section [{SECTION}] with lines like key = value") from error
    sections = parser.sections()
    named = [section for section in sections if section.upper() == SECTION]
    if not named and len(sections) != 1:
        found = ", ".join(f"[{section}]" for section in sections) or "no section at all"
        raise ConfigError(f"the configuration {file} has {found}", f"put the settings under [{SECTION}]")
    section = (named or sections)[0]
    return {key: without_quotes(value) for key, value in parser.items(section)}


def with_paths_from(file: Path, texts: dict[str, str]) -> dict[str, str]:
    """The file's texts, with relative paths led from where it lies: the agent starts a poll in any folder."""
    paths = {key: text for key in PATHS if (text := texts.get(key, "")) and "://" not in text and text[0] != "~"}
    return texts | {key: str(file.absolute().parent / text) for key, text in paths.items()}


def without_quotes(text: str) -> str:
    """The text without the quotes that the agent and the seed's users put around values."""
    text = text.strip()
    return text[1:-1].strip() if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'" else text


def with_derived_defaults(values: dict[str, Any]) -> dict[str, Any]:
    """The values, with those defaults added that depend on other values or on the machine."""
    base_url = values.setdefault("base_url", "https://webexapis.com")
    on_public_host = urlsplit(base_url).hostname == "webexapis.com"
    values.setdefault("identity_url", base_url)
    values.setdefault("analytics_url", "https://analytics.webexapis.com" if on_public_host else base_url)
    state_dir = values.setdefault("state_dir", default_state_dir())
    values.setdefault("database", str(state_dir / "webexhist.db"))
    return values


def default_state_dir() -> Path:
    """/var/lib/webexhist for root, else the user's data folder."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return Path("/var/lib/webexhist") if is_root else user_data_path("webexhist")


def require_both_custom_fields(settings: Settings) -> None:
    """The seed's rule: with use_custom_fields, `orgids` and `teams` are both required."""
    if not settings.use_custom_fields:
        return
    missing = [name for name in ("orgids", "teams") if not getattr(settings, name)]
    if missing:
        raise UsageError(
            f"use_custom_fields is true, but {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} empty",
            "give both orgids and teams as comma separated ids, or set use_custom_fields to false",
        )


def parse_value(key: str, text: str, file: Path | None) -> Any:
    """The value of one setting out of its text."""
    try:
        return PARSERS[key](without_quotes(text))
    except ValueError as error:
        hint = f"correct it in {file}, the environment or the options" if file else "correct it"
        raise ConfigError(f"{key} {error}", hint) from error


def parse_secret(text: str) -> str:
    """A token, an id or a secret; the complaint about one does not repeat it."""
    if not text.isascii() or not text.isprintable():
        raise ValueError("holds a line end or a character beyond ASCII, which none has")
    return text


def parse_ids(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for raw in text.split(",") if (part := without_quotes(raw))))


def parse_boolean(text: str) -> bool:
    words = {
        "true": True,
        "yes": True,
        "on": True,
        "1": True,
        "false": False,
        "no": False,
        "off": False,
        "0": False,
    }
    if text.lower() not in words:
        raise ValueError(f"is {text!r}, not true or false")
    return words[text.lower()]


def parse_url(text: str) -> str:
    """A service's address without a path; plain http only to this machine, for the token travels with it."""
    url = text.rstrip("/").removesuffix("/v1")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"is {text!r}, not an address like https://webexapis.com") from error
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.query or parts.fragment:
        raise ValueError(f"is {text!r}, not an address like https://webexapis.com")
    if parts.scheme == "http" and host not in LOOPBACK_HOSTS:
        raise ValueError(f"is {text!r}: tokens are sent over https only")
    return url


def parse_seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 1 <= seconds <= 86_400:
        raise ValueError(f"is {text!r}, not a number of seconds between 1 and 86400")
    return seconds


def parse_settle_seconds(text: str) -> int:
    if not text.isdecimal() or int(text) > 86_400:
        raise ValueError(f"is {text!r}, not a whole number of seconds between 0 and 86400")
    return int(text)


def parse_workers(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        raise ValueError(f"is {text!r}, not a whole number between 1 and 64")
    return int(text)


def parse_messages_source(text: str) -> str:
    if text.lower() not in MESSAGE_SOURCES:
        raise ValueError(f"is {text!r}, not one of {', '.join(MESSAGE_SOURCES)}")
    return text.lower()


def parse_path(text: str) -> Path:
    try:
        path = Path(text).expanduser()
    except RuntimeError as error:
        raise ValueError(f"is {text!r}, in the home of nobody known here") from error
    if not text.isprintable():
        raise ValueError(f"is {text!r}, not a path")
    return path


def parse_database(text: str) -> str:
    return text if "://" in text else str(parse_path(text))


PARSERS: dict[str, Callable[[str], Any]] = {
    "access_token": parse_secret,
    "refresh_token": parse_secret,
    "client_id": parse_secret,
    "client_secret": parse_secret,
    "use_custom_fields": parse_boolean,
    "orgids": parse_ids,
    "teams": parse_ids,
    "logging": parse_boolean,
    "base_url": parse_url,
    "identity_url": parse_url,
    "analytics_url": parse_url,
    "database": parse_database,
    "state_dir": parse_path,
    "budget_seconds": parse_seconds,
    "workers": parse_workers,
    "messages_source": parse_messages_source,
    "settle_seconds": parse_settle_seconds,
}
"""Every setting's name and how its text is read."""
