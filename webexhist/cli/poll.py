"""`webexhist poll`: one snapshot, and the Site24x7 plugin document on stdout."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from webexhist.cli.app import ConfigOption, DatabaseOption, app
from webexhist.config import load_settings
from webexhist.errors import WebexhistError


def setting(name: str, meaning: str) -> Any:
    """The option for a setting; the agent spells it as the configuration does, with underscores."""
    spellings = dict.fromkeys((f"--{name.replace('_', '-')}", f"--{name}"))
    return typer.Option(*spellings, help=meaning, show_default=False)


@app.command()
def poll(
    context: typer.Context,
    config: ConfigOption = None,
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

    Every option is also a key of the configuration file and an environment variable WEBEXHIST_<KEY>.
    """
    from webexhist.agent.document import failure_document, plugin_document
    from webexhist.poll import poll as poll_webex

    options = {name: value for name, value in context.params.items() if name != "config"}
    try:
        settings = load_settings(options, config)
        snapshots = poll_webex(settings, lambda: datetime.now(UTC))
    except WebexhistError as error:
        print(json.dumps(failure_document(error)))
        raise
    print(json.dumps(plugin_document(snapshots)))
