"""`webexhist login` as a person uses it, in a process of its own."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from authorized import Authorized

import webexhist
from webexhist.simulator.auth.integration import Consent, Integration
from webexhist.webex.collectors import all_scopes

CHECKOUT = str(Path(webexhist.__file__).parents[1])


@pytest.fixture
def authorized(simulated):
    return Authorized(simulated())


@pytest.fixture
def configuration(authorized):
    """A configuration with the integration's credentials and without tokens."""
    integration = authorized.polled.server.grants.integration
    file = authorized.polled.folder / "webexhist.cfg"
    file.write_text(
        f"[CONFIGURATIONS]\nclient_id = {integration.client_id}\nclient_secret = {integration.client_secret}\n"
        f"base_url = {authorized.polled.server.base_url}\nstate_dir = {authorized.polled.folder / 'state'}\n"
        "budget_seconds = 20\n"
    )
    return file


def started(*arguments, environment=None):
    return subprocess.Popen(
        [sys.executable, "-m", "webexhist", *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": CHECKOUT} | (environment or {}),
        preexec_fn=listen_to_ctrl_c,
    )


def listen_to_ctrl_c():
    """What a shell runs in the background is deaf to Ctrl-C, and so are its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def read_until(process, pattern):
    """What the process prints up to a line that the pattern is found in, and what the pattern found there."""
    printed = ""
    for line in process.stdout:
        printed += line
        if found := re.search(pattern, line):
            return printed, found[1]
    raise AssertionError(f"{pattern} was not printed:\n{printed}{process.stderr.read()}")


@pytest.mark.slow
def test_a_login_by_browser_stores_tokens_that_a_poll_then_uses(authorized, configuration, unused_port):
    redirect_uri = f"http://localhost:{unused_port}/redirect"
    authorized.polled.server.grants.integration = Integration(redirect_uris=(redirect_uri,))
    login = started(
        "login", "--config", configuration, "--no-browser", "--compliance", "--redirect-uri", redirect_uri
    )
    printed, address = read_until(login, r"(http\S+/v1/authorize\S+)")
    read_until(login, "(Waiting)")
    page = requests.get(address, timeout=60)
    rest, errors = login.communicate(timeout=120)

    assert "webexhist is authorized" in page.text
    assert login.returncode == 0, errors
    assert "Authorized. The tokens are in" in rest
    assert errors == ""
    assert "spark-compliance:events_read\n" in printed
    assert "analytics:read_all (asked for with --analytics)" in printed

    stored = authorized.polled.folder / "state" / "tokens.json"
    secrets = [json.loads(stored.read_text())[name] for name in ("access_token", "refresh_token")]
    secrets += [authorized.polled.server.grants.integration.client_secret, *re.findall(r"[?&]code=([^&]+)", page.url)]
    assert len(secrets) == 4
    assert not [secret for secret in secrets if secret in printed + rest + page.text]

    poll = started("poll", "--config", configuration)
    document, errors = poll.communicate(timeout=120)
    assert poll.returncode == 0, errors
    assert json.loads(document)["Admin - Org Count"] == 1
    assert not [secret for secret in secrets if secret in document + errors]
    for path in authorized.polled.folder.rglob("*"):
        if path.is_file() and path not in (stored, configuration):
            assert not [secret for secret in secrets if secret.encode() in path.read_bytes()], path


@pytest.mark.slow
def test_a_login_opens_the_browser(authorized, configuration, unused_port, tmp_path):
    """BROWSER names a program that does what a browser does: it opens the address, and follows where it leads."""
    redirect_uri = f"http://localhost:{unused_port}/redirect"
    authorized.polled.server.grants.integration = Integration(redirect_uris=(redirect_uri,))
    browser = tmp_path / "browser"
    browser.write_text(f"#!{sys.executable}\nimport sys, requests\nrequests.get(sys.argv[1], timeout=60)\n")
    browser.chmod(0o755)
    login = started(
        "login", "--config", configuration, "--redirect-uri", redirect_uri, environment={"BROWSER": f"{browser} %s &"}
    )
    printed, errors = login.communicate(timeout=120)
    assert login.returncode == 0, errors
    assert "Authorized." in printed


def test_a_login_by_pasted_address(authorized, configuration):
    login = started("login", "--config", configuration, "--code")
    _, address = read_until(login, r"(http\S+/v1/authorize\S+)")
    landing = requests.get(address, timeout=60, allow_redirects=False).headers["Location"]
    rest, errors = login.communicate(landing, timeout=120)
    assert login.returncode == 0, errors
    assert "Authorized." in rest
    assert authorized.renewals == 1


def test_a_login_by_device_code(authorized, configuration):
    authorized.polled.server.device_grants.interval_seconds = 0.1
    login = started("login", "--config", configuration, "--device")
    _, code = read_until(login, r"Code: (\S+)")
    authorized.polled.server.device_grants.approve(code)
    rest, errors = login.communicate(timeout=120)
    assert login.returncode == 0, errors
    assert "Authorized." in rest


def test_a_refused_login_exits_1_with_one_line_and_stores_nothing(authorized, configuration):
    authorized.polled.server.grants.consent = Consent(given=False)
    login = started("login", "--config", configuration, "--code")
    _, address = read_until(login, r"(http\S+/v1/authorize\S+)")
    landing = requests.get(address, timeout=60, allow_redirects=False).headers["Location"]
    _, errors = login.communicate(landing, timeout=120)
    assert login.returncode == 1
    assert errors == (
        "webexhist: Webex did not authorize webexhist (access_denied): "
        "log in as an administrator and accept what is asked for\n"
    )
    assert not (authorized.polled.folder / "state" / "tokens.json").exists()


def test_without_an_integration_the_scopes_and_the_next_step_are_reported(tmp_path):
    config = tmp_path / "webexhist.cfg"
    config.write_text("[CONFIGURATIONS]\nclient_id = C1\n")
    login = started("login", "--config", config)
    printed, errors = login.communicate(timeout=120)
    assert login.returncode == 1
    assert printed.count("without it:") == len(all_scopes())
    assert errors.startswith(
        "webexhist: client_secret is not set: create an integration at https://developer.webex.com"
    )
    assert errors.count("\n") == 1
    assert str(config) in errors


def test_a_place_that_cannot_hold_tokens_is_reported_before_anybody_logs_in(authorized, configuration):
    (authorized.polled.folder / "state").touch()
    login = started("login", "--config", configuration, "--device")
    _, errors = login.communicate(timeout=120)
    assert login.returncode == 1
    assert "cannot write tokens into" in errors
    assert len(authorized.polled.server.requests) == 0


@pytest.mark.parametrize(
    "options",
    [("--device", "--code"), ("--redirect-uri", "https://acme.example/back")],
    ids=["two ways", "elsewhere"],
)
def test_what_cannot_be_meant_is_wrong_usage(configuration, options):
    login = started("login", "--config", configuration, "--no-browser", *options)
    _, errors = login.communicate(timeout=120)
    assert login.returncode == 2
    assert errors.startswith("webexhist: ")
    assert errors.count("\n") == 1


def test_ctrl_c_while_waiting_leaves_no_traceback(configuration, unused_port):
    login = started(
        "login",
        "--config",
        configuration,
        "--no-browser",
        "--redirect-uri",
        f"http://localhost:{unused_port}/redirect",
    )
    read_until(login, "(Waiting)")
    login.send_signal(signal.SIGINT)
    _, errors = login.communicate(timeout=120)
    assert login.returncode != 0
    assert "Traceback" not in errors
