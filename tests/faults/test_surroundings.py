"""What the environment can say wrongly: certificates, proxies, and a user without a home."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import webexhist

SELF_SIGNED = Path(__file__).with_name("self_signed.pem")
VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")
CORRECT = "correct the variable, or unset it"


@pytest.fixture(autouse=True)
def without_surroundings(monkeypatch):
    for name in (*VARIABLES, "http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        for spelled in (name, name.upper()):
            monkeypatch.delenv(spelled, raising=False)


@pytest.fixture
def poll(webexhist, unused_port, sqlite_template, tmp_path):
    """Polls a service by https that is not there; what the document and stderr say alike."""
    database = shutil.copy(sqlite_template, tmp_path / "history.db")

    def polled(*options: str) -> str:
        address = f"https://127.0.0.1:{unused_port}"
        done = webexhist("poll", "--access-token", "x", "--base-url", address, "--database", database, *options)
        document = json.loads(done.stdout)
        assert (done.code, document["status"]) == (1, 0)
        assert done.line == document["msg"]
        return done.line

    return polled


def missing(folder):
    return folder / "missing.pem"


def garbage(folder):
    (folder / "garbage.pem").write_bytes(bytes(range(256)) * 9)
    return folder / "garbage.pem"


def half(folder):
    (folder / "half.pem").write_text(SELF_SIGNED.read_text()[:400])
    return folder / "half.pem"


def empty(folder):
    (folder / "empty.pem").touch()
    return folder / "empty.pem"


def empty_folder(folder):
    (folder / "certs").mkdir()
    return folder / "certs"


def device(_folder):
    return Path("/dev/null")


@pytest.mark.parametrize("make", [missing, garbage, half, empty, empty_folder, device])
@pytest.mark.parametrize("variable", VARIABLES)
def test_certificates_that_are_none_are_reported_with_variable_and_file(poll, monkeypatch, tmp_path, make, variable):
    path = make(tmp_path)
    monkeypatch.setenv(variable, str(path))
    why = "cannot be read (No such file or directory)" if make is missing else "holds no certificates"
    assert poll() == f"{variable} names {path}, which {why}: {CORRECT}"


def test_certificates_that_are_some_are_used(poll, monkeypatch, tmp_path):
    for variable in VARIABLES:
        monkeypatch.setenv(variable, str(SELF_SIGNED))
        assert "the connection was refused" in poll()
        monkeypatch.delenv(variable)
    shutil.copy(SELF_SIGNED, tmp_path / "0123abcd.0")
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    assert "the connection was refused" in poll()


def test_the_token_endpoint_and_the_login_say_the_same(webexhist, poll, monkeypatch, tmp_path):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "missing"))
    credentials = {"CLIENT_ID": "c", "CLIENT_SECRET": "s", "REFRESH_TOKEN": "r", "BASE_URL": "https://127.0.0.1:9"}
    for name, value in credentials.items():
        monkeypatch.setenv(f"WEBEXHIST_{name}", value)
    done = webexhist("login", "--device")
    assert done.code == 1
    assert done.line.startswith(f"REQUESTS_CA_BUNDLE names {tmp_path / 'missing'}, which cannot be read")


@pytest.mark.parametrize(
    "proxy",
    [
        "http://",
        "://planted",
        "http://[::1",
        "http://proxy.example:port",
        "http://proxy.example:99999",
        "no address",
        "ftp://proxy.example",
        "http://user:planted@[",
        "http://user:planted@proxy.example:port",
        "http://pro\x1b[2Jxy.example",
        "user:planted",
    ],
)
@pytest.mark.parametrize("variable", ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])
def test_a_proxy_that_is_no_address_is_reported_with_the_variable(poll, monkeypatch, variable, proxy):
    monkeypatch.setenv(variable, proxy)
    assert poll() == f"{variable} is no address of a proxy: {CORRECT}"


def test_a_proxy_that_does_not_answer_is_reported_with_the_variable(poll, monkeypatch, unused_port):
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:planted@127.0.0.1:{unused_port}")
    assert poll("--budget-seconds", "20") == (
        "GET /v1/organizations: the proxy did not let the request through: check HTTPS_PROXY and the network"
    )


def test_a_proxy_of_another_scheme_does_not_matter(poll, monkeypatch):
    monkeypatch.setenv("ftp_proxy", "no address")
    monkeypatch.setenv("http_proxy", "no address")
    assert "the connection was refused" in poll()


HOMELESS = ["unshare", "--user", "--map-user=54321", "--map-group=54321", "env", "-i"]
"""Runs a command without any environment as a user who has no name."""


def homeless(folder, *words):
    if subprocess.run([*HOMELESS, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody be another user")
    python = [f"PYTHONPATH={Path(webexhist.__file__).parents[1]}", sys.executable, "-m", "webexhist"]
    command = [*HOMELESS, *python, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=60, check=False)


@pytest.mark.slow
def test_a_user_without_a_home_polls_where_every_path_is_set(simulated, tmp_path):
    polled = simulated()
    own = {
        "access-token": polled.server.access_token,
        "base-url": polled.server.base_url,
        "state-dir": tmp_path / "state",
        "database": tmp_path / "history.db",
    }
    words = [f"--{name}={value}" for name, value in own.items()]
    done = homeless(tmp_path, "poll", *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["Admin - Org Count"] == 1

    file = tmp_path / "own.cfg"
    file.write_text(f"[webex]\nstate_dir = {tmp_path / 'state'}\ndatabase = {tmp_path / 'history.db'}\n")
    done = homeless(tmp_path, "licenses", "--config", file, "--json")
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


@pytest.mark.slow
@pytest.mark.parametrize("command", ["poll", "status", "licenses", "login"])
def test_a_user_without_a_home_reads_what_to_set(tmp_path, command):
    done = homeless(tmp_path, command)
    problem = (
        "this user has no home folder (HOME is not set, and the user has no name here): set state_dir to a folder"
    )
    assert (done.returncode, done.stderr) == (1, f"webexhist: {problem}\n")
    if command == "poll":
        assert json.loads(done.stdout)["msg"] == problem
    assert list(tmp_path.iterdir()) == [], "no folder named ~"
