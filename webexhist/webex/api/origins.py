"""Where a request will really go: read as the HTTP library reads it, for that is who sends the token there."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from webexhist.addresses import is_plain_address
from webexhist.webex.api.errors import Refused

PORTS = {"https": 443, "http": 80}
NOT_SENT = "the token is not sent there"


def origin(url: str) -> str:
    """Scheme, host and port: what a token is meant for. Empty where the libraries do not agree on them."""
    try:
        sent, read = parse_url(url), urlsplit(url)
        port = PORTS.get(read.scheme) if read.port is None else read.port
    except (LocationParseError, ValueError):
        return ""
    host = f"[{read.hostname}]" if ":" in (read.hostname or "") else read.hostname
    sent_port = PORTS.get(sent.scheme or "") if sent.port is None else sent.port
    if (
        sent.auth is not None
        or "@" in read.netloc
        or (sent.scheme, sent.host, sent_port) != (read.scheme, host, port)
    ):
        return ""
    return f"{read.scheme}://{host}:{port}"


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request as it will be sent: to one of the services, with nothing of an address but its path and query."""

    origin: str
    target: str
    """Path and query."""

    @property
    def url(self) -> str:
        return self.origin + self.target

    @property
    def path(self) -> str:
        """Without the parameters."""
        return self.target.partition("?")[0]


def sent_request(url: str, origins: frozenset[str]) -> SentRequest:
    """The request for that address as it will be sent.

    Raises:
        Refused: it is none that can be understood in one way only, or it leads elsewhere than to these origins.
    """
    path = unquote(url.partition("?")[0].partition("#")[0]).split("/")
    if not is_plain_address(url) or "." in path or ".." in path:
        raise Refused("a link of Webex is no plain address", NOT_SENT)
    place = origin(url)
    if place not in origins:
        raise Refused("a link of Webex leads to another host or to plain http", NOT_SENT)
    return SentRequest(place, parse_url(url).request_uri)
