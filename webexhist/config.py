"""Settings: configuration file, environment and options brought together into one frozen object."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from socket import gethostname
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from webexhist.addresses import is_mail_address
from webexhist.config_file import VARIABLE, find_config_file, read_config_file
from webexhist.errors import ConfigError, UsageError
from webexhist.setting_rows import Row, setting
from webexhist.setting_values import (
    parse_boolean,
    parse_database,
    parse_host,
    parse_ids,
    parse_mail_address,
    parse_messages_source,
    parse_paces,
    parse_password,
    parse_path,
    parse_port,
    parse_seats_by,
    parse_seconds,
    parse_secret,
    parse_settle_seconds,
    parse_token,
    parse_url,
    parse_workers,
    without_quotes,
)
from webexhist.user_folders import user_data

NO_PACES: Mapping[str, float] = MappingProxyType({})
ENVIRONMENT_PREFIX = "WEBEXHIST_"
REQUIRED_BY_TESTS = "WEBEXHIST_REQUIRE_"
"""How the names of variables begin that say what the tests must not leave out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set, complete: no later step looks at a file, the environment or an option.

    A new setting is a row here: the options of `poll`, WEBEXHIST_<KEY> and the README's table follow from it.
    """

    access_token: str = setting(
        parse_token, "Access token; a renewed one is kept in state_dir and wins until this one changes.", secret=True
    )
    refresh_token: str = setting(parse_token, "Refresh token, for new access tokens.", secret=True)
    client_id: str = setting(parse_token, "Client id of the integration.", secret=True)
    client_secret: str = setting(parse_token, "Client secret of the integration.", secret=True)
    use_custom_fields: bool = setting(
        parse_boolean, "True: only the organizations in orgids and the teams in teams.", default="False"
    )
    orgids: tuple[str, ...] = setting(parse_ids, "Ids of organizations, comma separated.")
    teams: tuple[str, ...] = setting(parse_ids, "Ids of teams, comma separated.")
    logging: bool = setting(parse_boolean, "True: keep plugin_perf.log in state_dir.", default="True")
    base_url: str = setting(
        parse_url, "Host of the API (government: https://api-usgov.webex.com).", default="https://webexapis.com"
    )
    identity_url: str = setting(
        parse_url,
        "Host of the identity service.",
        default="as base_url",
        derived=lambda above: above["base_url"],
    )
    analytics_url: str = setting(
        parse_url,
        "Host of the analytics service.",
        default="https://analytics.webexapis.com, or base_url where that is another host",
        derived=lambda above: analytics_beside(above["base_url"]),
    )
    state_dir: Path = setting(
        parse_path,
        "Folder of tokens, lock, log and database.",
        default="/var/lib/webexhist for root, else the user's data folder",
        derived=lambda above: default_state_dir(),
        is_path=True,
    )
    database: str = setting(
        parse_database,
        "Snapshot database: a path, or an SQLAlchemy URL (postgresql+psycopg://… with the extra postgres).",
        default="webexhist.db in state_dir",
        derived=lambda above: str(above["state_dir"] / "webexhist.db"),
        in_parts=True,  # a URL may hold a password
        is_path=True,
    )
    budget_seconds: float = setting(parse_seconds, "Seconds after which a poll ends, with what it has.", default="60")
    workers: int = setting(parse_workers, "Requests in flight to begin with.", default="8")
    messages_source: str = setting(
        parse_messages_source,
        "Where messages are counted: events, rooms, off; auto: events, or the token owner's rooms if not permitted.",
        default="auto",
    )
    settle_seconds: int = setting(
        parse_settle_seconds, "Seconds that must have passed before an event is counted.", default="120"
    )
    every: Mapping[str, float] = setting(
        parse_paces,
        "Collectors to ask more rarely than at every poll: people:3600, rooms:86400.",
        default="each poll asks all",
        derived=lambda above: NO_PACES,
    )
    seats: bool = setting(
        parse_boolean, "on: once a day count how assigned seats are used; only counts are stored.", default="off"
    )
    seats_by: str = setting(
        parse_seats_by, "By what these counts are grouped: department, location, title, none.", default="none"
    )
    smtp_host: str = setting(
        parse_host, "Mail server that digest hands mails to, like mail.example.com.", derived=lambda above: ""
    )
    smtp_port: int = setting(
        parse_port, "Its port: 465 for TLS from the first byte on, else TLS as the server offers it.", default="587"
    )
    smtp_user: str = setting(parse_secret, "User of the mail server, where it wants one.", secret=True)
    smtp_password: str = setting(parse_password, "Password of that user.", secret=True)
    smtp_from: str = setting(
        parse_mail_address,
        "Address that mails come from.",
        default="smtp_user where that is an address, else webexhist of this host",
        derived=lambda above: sender_beside(above["smtp_user"]),
    )
    file: Path | None = None
    """The configuration file that was read, for messages."""
    passed_over: tuple[str, ...] = ()
    """Configuration files that were not read, and why."""
    unknown: tuple[str, ...] = ()
    """Keys and variables that are no settings, and which may be meant."""

    @property
    def monitored_organizations(self) -> tuple[str, ...]:
        """Ids of the organizations to poll; empty for all that the token sees."""
        return self.orgids if self.use_custom_fields else ()

    @property
    def monitored_teams(self) -> tuple[str, ...]:
        """Ids of the teams to count; empty for all that the token sees."""
        return self.teams if self.use_custom_fields else ()


SETTINGS: Mapping[str, Row] = MappingProxyType(
    {of.name: of.metadata["row"] for of in fields(Settings) if "row" in of.metadata}
)
"""Every setting by its name."""


@dataclass(frozen=True, slots=True)
class Given:
    """What was given for the settings, as texts."""

    texts: Mapping[str, str]
    sources: Mapping[str, str]
    """Where each text comes from, for people."""
    file: Path | None
    passed_over: tuple[str, ...]
    unknown: tuple[str, ...]


def load_settings(
    options: Mapping[str, str | None], config: Path | None = None, environment: Mapping[str, str] = os.environ
) -> Settings:
    """Options beat the environment, the environment beats the file.

    Raises:
        ConfigError: a file that cannot be read or a value that cannot be meant.
        UsageError: `use_custom_fields` without both `orgids` and `teams`.
    """
    return settings_of(given_settings(options, config, environment))


def given_settings(
    options: Mapping[str, str | None], config: Path | None = None, environment: Mapping[str, str] = os.environ
) -> Given:
    """Brings the texts of all places together; the last one of file, environment and options counts.

    Raises:
        ConfigError: the file cannot be read.
    """
    found = find_config_file(config, environment)
    file = found.path
    of_file = with_paths_from(file, read_config_file(file)) if file else {}
    variables = {key: ENVIRONMENT_PREFIX + key.upper() for key in SETTINGS}
    of_environment = {key: environment[name] for key, name in variables.items() if name in environment}
    of_options = {key: text for key, text in options.items() if text is not None}
    sources = {key: str(file) for key in of_file} | {key: variables[key] for key in of_environment}
    return Given(
        texts=of_file | of_environment | of_options,
        sources=sources | dict.fromkeys(of_options, "option"),
        file=file,
        passed_over=found.passed_over,
        unknown=(*unknown_keys(file, of_file), *unknown_variables(environment)),
    )


def settings_of(given: Given) -> Settings:
    """Makes settings of the texts.

    Raises:
        ConfigError: a value that cannot be meant.
        UsageError: `use_custom_fields` without both `orgids` and `teams`.
    """
    values: dict[str, Any] = {}
    for key, row in SETTINGS.items():
        text = given.texts.get(key, "").strip()
        values[key] = parse_value(key, text, given.file) if text else default_of(row, values)
    settings = Settings(**values, file=given.file, passed_over=given.passed_over, unknown=given.unknown)
    require_both_custom_fields(settings)
    return settings


def with_paths_from(file: Path, texts: dict[str, str]) -> dict[str, str]:
    """The file's texts, with relative paths led from where it lies: the agent starts a poll in any folder."""
    keys = [key for key, row in SETTINGS.items() if row.is_path]
    paths = {key: text for key in keys if (text := texts.get(key, "")) and "://" not in text and text[0] != "~"}
    return texts | {key: str(file.absolute().parent / text) for key, text in paths.items()}


def unknown_keys(file: Path | None, texts: Mapping[str, str]) -> Iterator[str]:
    """A warning for every key of the file that is no setting."""
    for key in sorted(texts.keys() - SETTINGS.keys()):
        yield f"{file} sets {key}, which is no setting: {nearest(key, list(SETTINGS))}"


def unknown_variables(environment: Mapping[str, str]) -> Iterator[str]:
    """A warning for every variable that is named like a setting's and is none's."""
    known = [VARIABLE, *(ENVIRONMENT_PREFIX + key.upper() for key in SETTINGS)]
    for name in sorted(environment.keys() - known):
        if name.startswith(ENVIRONMENT_PREFIX) and not name.startswith(REQUIRED_BY_TESTS):
            yield f"the environment sets {name}, which is no setting: {nearest(name, known)}"


def nearest(name: str, known: Sequence[str]) -> str:
    """What may be meant by a name."""
    found = get_close_matches(name, known, 1)
    return f"is {found[0]} meant?" if found else "webexhist poll --help lists all"


def default_of(row: Row, above: Mapping[str, Any]) -> Any:
    """The value of a setting that nobody gave; `above` are those that stand before it."""
    return row.derived(above) if row.derived else row.parse(row.default)


def analytics_beside(base_url: str) -> str:
    """Where the analytics service lives: on a host of its own only at the public API."""
    return "https://analytics.webexapis.com" if urlsplit(base_url).hostname == "webexapis.com" else base_url


def sender_beside(user: str) -> str:
    """The address of a mail server's user, where it is one; else one of this host."""
    own = f"webexhist@{gethostname()}"
    return next(filter(is_mail_address, (user, own)), "webexhist@localhost")


def default_state_dir() -> Path:
    """/var/lib/webexhist for root, else the user's data folder."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return Path("/var/lib/webexhist") if is_root else user_data()


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
        return SETTINGS[key].parse(without_quotes(text))
    except ValueError as error:
        hint = f"correct it in {file}, the environment or the options" if file else "correct it"
        raise ConfigError(f"{key} {error}", hint) from error
