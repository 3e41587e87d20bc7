"""What the environment says of the way to Webex: proxies, and certificates to trust."""

import os
import re
import ssl
from importlib.util import find_spec
from pathlib import Path
from urllib.request import getproxies

import requests
from requests.utils import select_proxy
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from webexhist.errors import ConfigError

BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""The first that is set names the certificates; the rest of them is as if it were not there."""
HASHED = re.compile(r"[0-9a-f]{8}\.\d+")
"""The name of a certificate in a folder, by which OpenSSL finds it."""
PROXIES = ("http", "https")
SOCKS = ("socks4", "socks4a", "socks5", "socks5h")
UNSET = "correct the variable, or unset it"


def adopt_surroundings(session: requests.Session, services: tuple[str, ...]) -> None:
    """Gives a session the environment's proxy and certificates, read once: it is a quarter of a request's cost.

    Nor does a .netrc of the user replace the token then.

    Raises:
        ConfigError: a variable of the environment that is used for a service cannot be meant.
    """
    environment = session.merge_environment_settings(services[0], {}, None, None, None)
    session.trust_env = False
    session.proxies = environment["proxies"]
    for service in services:
        require_proxy(service, select_proxy(service, session.proxies))
    bundle = next((name for name in BUNDLES if os.environ.get(name)), None)
    if bundle and any(service.lower().startswith("https:") for service in services):
        session.verify = certificates(bundle, Path(os.environ[bundle]))


def certificates(variable: str, path: Path) -> str:
    """The path, if it holds certificates.

    Raises:
        ConfigError: it does not.
    """
    try:
        if path.is_dir():
            held = any(HASHED.fullmatch(file.name) for file in path.iterdir())
        elif path.is_file() or not path.exists():
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
            held = True
        else:
            held = False
    except ssl.SSLError:
        held = False
    except OSError as error:
        raise ConfigError(f"{variable} names {path}, which cannot be read ({error.strerror})", UNSET) from error
    if not held:
        raise ConfigError(f"{variable} names {path}, which holds no certificates", UNSET)
    return str(path)


def require_proxy(service: str, proxy: str | None) -> None:
    """Raises ConfigError where there is a proxy that cannot be one; it may hold a password anywhere."""
    if not proxy:
        return
    variable = proxy_variable(service)
    try:
        parsed = parse_url(proxy if "://" in proxy else f"http://{proxy}")
    except LocationParseError:
        parsed = None
    is_clean = proxy.isprintable() and " " not in proxy
    if parsed is None or not parsed.host or not is_clean or parsed.scheme not in (*PROXIES, *SOCKS):
        raise ConfigError(f"{variable} is no address of a proxy", UNSET)
    if parsed.scheme in SOCKS and find_spec("socks") is None:
        raise ConfigError(
            f"{variable} names a SOCKS proxy, which takes PySocks", "pip install pysocks, or name another proxy"
        )


def proxy_variable(service: str) -> str:
    """The variable that names the proxy of a service's address."""
    scheme = service.partition(":")[0].lower()
    known = getproxies()
    name = f"{scheme}_proxy" if scheme in known else "all_proxy"
    return name if name in os.environ else name.upper()
