"""`webexhist poll`: one snapshot, and the Site24x7 plugin document on stdout."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from webexhist.cli.app import MAX_AGE_SECONDS, ConfigOption, DatabaseOption, MaxAgeOption, app
from webexhist.config import PARSERS, Settings, load_settings
from webexhist.errors import WebexhistError
from webexhist.snapshot import TOKENS, StoredSnapshot
from webexhist.state.last_run import DOCUMENT, POLL, note_run


def setting(name: str, meaning: str) -> Any:
    """The option for a setting; the agent spells it as the configuration does, with underscores."""
    spellings = dict.fromkeys((f"--{name.replace('_', '-')}", f"--{name}"))
    return typer.Option(*spellings, help=meaning, show_default=False)


@app.command()
def poll(
    context: typer.Context,
    config: ConfigOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print no document, for a timer.")] = False,
    stored: Annotated[
        bool, typer.Option("--stored", help="Print what the last poll stored; Webex is not asked.")
    ] = False,
    max_age: MaxAgeOption = MAX_AGE_SECONDS,
    access_token: Annotated[str | None, setting("access_token", "Access token.")] = None,
    refresh_token: Annotated[str | None, setting("refresh_token", "Refresh token.")] = None,
    client_id: Annotated[str | None, setting("client_id", "Client id of the integration.")] = None,
    client_secret: Annotated[str | None, setting("client_secret", "Client secret of the integration.")] = None,
    use_custom_fields: Annotated[
        str | None, setting("use_custom_fields", "true: only the given orgids and teams.")
    ] = None,
    orgids: Annotated[str | None, setting("orgids", "Organization ids, comma separated.")] = None,
    teams: Annotated[str | None, setting("teams", "Team ids, comma separated.")] = None,
    logging: Annotated[str | None, setting("logging", "true: keep plugin_perf.log in state_dir.")] = None,
    base_url: Annotated[str | None, setting("base_url", "API host [https://webexapis.com].")] = None,
    identity_url: Annotated[str | None, setting("identity_url", "Identity host [as base_url].")] = None,
    analytics_url: Annotated[
        str | None, setting("analytics_url", "Analytics host [https://analytics.webexapis.com].")
    ] = None,
    database: DatabaseOption = None,
    state_dir: Annotated[str | None, setting("state_dir", "Folder for tokens, log and database.")] = None,
    budget_seconds: Annotated[str | None, setting("budget_seconds", "A poll ends by then [60].")] = None,
    workers: Annotated[str | None, setting("workers", "Requests in flight at most [8].")] = None,
    messages_source: Annotated[str | None, setting("messages_source", "auto, events, rooms or off [auto].")] = None,
    settle_seconds: Annotated[
        str | None, setting("settle_seconds", "Age of an event before it is counted [120].")
    ] = None,
) -> None:
    """Poll Webex once, store the snapshot, print the Site24x7 plugin document.

    Every setting is also a key of the configuration file and an environment variable WEBEXHIST_<KEY>.
    """
    from webexhist.agent.document import failure_document, plugin_document

    options = {name: context.params[name] for name in PARSERS}
    try:
        settings = load_settings(options, config)
        with noted(settings, ([] if stored else [POLL]) + ([] if quiet else [DOCUMENT])):
            snapshots = last_stored(settings, max_age) if stored else newly_polled(settings)
    except WebexhistError as error:
        if not quiet:
            print(json.dumps(failure_document(error)))
        raise
    print_warnings(snapshots)
    if not quiet:
        print(json.dumps(plugin_document(snapshots)))


@contextmanager
def noted(settings: Settings, runs: list[str]) -> Iterator[None]:
    """Lets `webexhist status` know how these runs end."""
    failure = None
    try:
        yield
    except WebexhistError as error:
        failure = error
        raise
    finally:
        for run in runs:
            note_run(settings.state_dir, run, failure)


def newly_polled(settings: Settings) -> tuple[StoredSnapshot, ...]:
    from webexhist.poll import poll as poll_webex

    return poll_webex(settings, now)


def last_stored(settings: Settings, max_age: int) -> tuple[StoredSnapshot, ...]:
    from webexhist.stored import stored_snapshots

    return stored_snapshots(settings, now, timedelta(seconds=max_age))


def print_warnings(snapshots: tuple[StoredSnapshot, ...]) -> None:
    """What will keep later polls from counting, though this one did."""
    for snapshot in snapshots:
        for run in snapshot.collections:
            if run.collector == TOKENS:
                print(f"webexhist: {run.error}", file=sys.stderr)


def now() -> datetime:
    return datetime.now(UTC)
