"""webexhist login: lets a person authorize webexhist, and stores the tokens."""

from collections.abc import Callable, Iterator, Sequence
from inspect import Parameter
from typing import Annotated

import typer

from webexhist.cli import clock
from webexhist.cli.app import COLLECT, ConfigOption, app, option, with_options
from webexhist.cli.asking import answer_to
from webexhist.cli.output import print_line
from webexhist.cli.settings import load_settings
from webexhist.config import Settings
from webexhist.config_file import FILE_NAME, SECTION
from webexhist.errors import ConfigError, UsageError
from webexhist.state.grant import Grant
from webexhist.state.token_file import TokenFile
from webexhist.webex.auth.scopes import Scope
from webexhist.webex.collectors import all_scopes, wanted_scopes

REDIRECT_URI = "http://localhost:6001/redirect"
WAIT_SECONDS = 300.0


def scope_options() -> Iterator[Parameter]:
    """An option for every scope that is asked for only on demand."""
    for scope in all_scopes():
        if scope.option:
            meaning = typer.Option(scope.option, help=f"Also ask for {scope.name}.")
            yield option(scope.option.removeprefix("--"), Annotated[bool, meaning], default=False)


@app.command(rich_help_panel=COLLECT)
@with_options(scope_options())
def login(
    config: ConfigOption = None,
    device: Annotated[bool, typer.Option("--device", help="Log in on another device, by a short code.")] = False,
    code: Annotated[bool, typer.Option("--code", help="Log in on another host and paste what comes back.")] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address, open nothing.")] = False,
    redirect_uri: Annotated[
        str, typer.Option(help="Where Webex sends the browser back to, as the integration has it.")
    ] = REDIRECT_URI,
    **asked_for: bool,
) -> None:
    """Authorize webexhist to read the counts, and store the tokens.

    client_id and client_secret come from the configuration or the environment, never from the command line.

    Example: webexhist login --device
    """
    if device and code:
        raise UsageError("--device and --code are two ways to log in", "choose one of them")
    settings = load_settings({}, config)
    scopes = wanted_scopes([f"--{name}" for name, is_asked in asked_for.items() if is_asked])
    print_scopes(scopes)
    require_client(settings, redirect_uri)
    file = TokenFile(settings)
    file.check_writable()
    if device:
        grant = by_device(settings, scopes)
    elif code:
        grant = by_pasted_code(settings, scopes, redirect_uri)
    else:
        grant = by_browser(settings, scopes, redirect_uri, print_address if no_browser else open_address)
    file.store(grant)
    print_grant(grant, scopes, file)


def require_client(settings: Settings, redirect_uri: str) -> None:
    """Raises ConfigError where the client id or the client secret is missing."""
    missing = [name for name in ("client_id", "client_secret") if not getattr(settings, name)]
    if missing:
        raise ConfigError(
            f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set",
            "create an integration at https://developer.webex.com/my-apps with these scopes and the redirect URI "
            f"{redirect_uri}, and write its client_id and client_secret under [{SECTION}] "
            f"in {settings.file or FILE_NAME}",
        )


def by_browser(settings: Settings, scopes: Sequence[Scope], redirect_uri: str, show: Callable[[str], None]) -> Grant:
    """Tokens by way of a browser on this machine."""
    from webexhist.webex.auth.login import Login
    from webexhist.webex.auth.redirect import listening, place_on_this_machine

    place_on_this_machine(redirect_uri)
    attempt = Login(settings, scopes, redirect_uri)
    with listening(redirect_uri, attempt.state) as receiver:
        show(attempt.address)
        print_line(
            "Waiting for your login. Is the browser on another host? Stop with Ctrl-C, and use --device or --code."
        )
        code = receiver.code(WAIT_SECONDS)
    return attempt.grant_for(code, clock.now, clock.passing_time)


def by_pasted_code(settings: Settings, scopes: Sequence[Scope], redirect_uri: str) -> Grant:
    """Tokens by way of a browser anywhere; a person carries the code over."""
    from webexhist.webex.auth.login import Login

    attempt = Login(settings, scopes, redirect_uri)
    print_address(attempt.address)
    print_line(
        f"After the login the browser goes to {redirect_uri}?code=…; it does not matter if that page does not open."
    )
    pasted = answer_to("Paste that address, or the code in it")
    return attempt.grant_for_pasted(pasted, clock.now, clock.passing_time)


def by_device(settings: Settings, scopes: Sequence[Scope]) -> Grant:
    """Tokens by way of a short code that is entered in a browser anywhere."""
    from webexhist.webex.auth.device import device_code, grant_for_device

    code = device_code(settings, scopes, clock.passing_time)
    print_address(code.complete_address or code.address)
    print_line(f"Code: {code.user_code} (to be entered within {code.seconds / 60:.0f} minutes)")
    return grant_for_device(settings, code, clock.now, clock.passing_time)


def open_address(address: str) -> None:
    """Prints the address, and opens it in this user's browser where there is one."""
    import webbrowser

    print_address(address)
    webbrowser.open(address)


def print_address(address: str) -> None:
    print_line("Log in as an administrator at:")
    print_line()
    print_line(f"  {address}")
    print_line()


def print_scopes(scopes: Sequence[Scope]) -> None:
    """What every permission gives, and what is lost without it."""
    print_line("webexhist reads counts and changes nothing. It asks for:")
    for scope in scopes:
        print_scope(scope)
    left_out = [scope for scope in all_scopes() if scope.option and scope not in scopes]
    if left_out:
        print_line("It does not ask for:")
    for scope in left_out:
        print_scope(scope, f" (asked for with {scope.option})")
    print_line()


def print_scope(scope: Scope, condition: str = "") -> None:
    """Prints a scope, when it is needed, what it gives, and what is missing without it."""
    print_line(f"  {scope.name}{condition}")
    print_line(f"      gives: {scope.gives}")
    print_line(f"      without it: {scope.without}")


def print_grant(grant: Grant, scopes: Sequence[Scope], file: TokenFile) -> None:
    """How long the authorization lasts, and what Webex did not grant."""
    refused = [scope for scope in scopes if grant.scopes and scope.name not in grant.scopes]
    for scope in refused:
        print_line(f"Webex did not grant {scope.name}: {scope.without}.")
    print_line(f"Authorized. The tokens are in {file.path}; polls renew them by themselves.")
    if grant.refresh_expires_at:
        print_line(f"Log in again only if no poll runs before {grant.refresh_expires_at:%Y-%m-%d %H:%M} UTC.")
