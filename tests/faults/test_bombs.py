"""Bodies that grow when they are unpacked, or never end: refused within bounds of memory, measured in a process."""

import json
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from raw_server import HEAD, listening

import webexhist

BLOCK = bytes(16 * 1024**2)
TEN_GIGABYTES = 640
"""Blocks."""
MOST = 250
"""Megabytes that the process may grow by: the largest body that is read, some copies of it and the unpacker."""
ASK = """
import json, resource, sys
from datetime import UTC, datetime
from webexhist.config import load_settings
from webexhist.errors import WebexhistError
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.transport import Transport
from webexhist.webex.auth import token_endpoint
from webexhist.webex.auth.device import device_code

def megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

class Token:
    warnings = ()
    def access_token(self): return "synthetic"
    def renewed(self, rejected): return rejected

url = sys.argv[1]
settings = load_settings({"base_url": url, "client_id": "c", "client_secret": "s", "state_dir": "/nowhere"}, None, {})
ways = {
    "transport": lambda: Transport((url,), Token(), Deadline(50), 1).get(url + "/v1/roles"),
    "tokens": lambda: token_endpoint.refreshed(settings, "r", lambda: datetime.now(UTC), 50),
    "device": lambda: device_code(settings, ()),
}
before = megabytes()
try:
    ways[sys.argv[2]]()
    outcome = "accepted"
except WebexhistError as error:
    outcome = str(error)
print(json.dumps([outcome, megabytes() - before]))
"""


def packed_once(window):
    """The beginning of a packed body, and what may follow it as often as wanted: each sixteen megabytes of zeros."""
    packer = zlib.compressobj(9, zlib.DEFLATED, window)
    first, following = (packer.compress(BLOCK) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    return first, following


def gzip():
    first, following = packed_once(31)
    return first + following * (TEN_GIGABYTES - 1)


def deflate():
    first, following = packed_once(15)
    return first + following * (TEN_GIGABYTES - 1)


def gzip_in_gzip():
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(gzip()) + packer.flush()


BODIES = {"gzip": gzip, "deflate": deflate, "gzip, gzip": gzip_in_gzip}


def asked(way, encoding, body):
    """What the client says, and by how many megabytes it grew."""

    def serve(connection):
        connection.recv(65_536)
        connection.sendall(HEAD + f"Content-Encoding: {encoding}\r\nConnection: close\r\n\r\n".encode())
        for _repeated in range(20 if encoding == "identity" else 1):
            connection.sendall(body)

    with listening(serve) as port:
        done = subprocess.run(
            [sys.executable, "-c", ASK, f"http://127.0.0.1:{port}", way],
            capture_output=True,
            text=True,
            env={"PYTHONPATH": str(Path(webexhist.__file__).parents[1]), "HOME": "/nowhere"},
            timeout=120,
            check=True,
        )
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "encoding", [name if name == "gzip" else pytest.param(name, marks=pytest.mark.slow) for name in BODIES]
)
@pytest.mark.parametrize(
    ("way", "problem"),
    [
        ("transport", "GET /v1/roles answered more than 64 MB"),
        ("tokens", "POST /v1/access_token answered more than 64 KB"),
        ("device", "POST /v1/device/authorize answered more than 64 KB"),
    ],
)
def test_ten_gigabytes_in_a_small_body_are_not_unpacked(way, problem, encoding):
    reason, grown = asked(way, encoding, BODIES[encoding]())
    assert reason.startswith(problem)
    assert grown < (MOST if way == "transport" else 60)


@pytest.mark.parametrize("way", ["tokens", "device"])
def test_a_plain_body_is_read_no_further_than_an_answer_reaches(way):
    reason, grown = asked(way, "identity", b" " * 16 * 1024**2)
    assert "answered more than 64 KB" in reason
    assert grown < 60
