"""Fetches pages with nothing around it: no poll can be faster than this.

    python bench/bare.py requests|http.client THREADS < addresses

The addresses come one a line, the token in the environment variable TOKEN. Each thread has a connection of its own
and takes the next address, without regard to which page leads to which. `requests` reads the JSON too, as a poll has
to; `http.client` only the bytes.
"""

import http.client
import os
import sys
import threading
from collections import deque
from collections.abc import Callable
from contextlib import closing
from urllib.parse import urlsplit


def main() -> None:
    client, threads = sys.argv[1:]
    addresses = deque(sys.stdin.read().split())
    fetch = {"requests": fetch_by_requests, "http.client": fetch_by_http_client}[client]
    host, count = urlsplit(addresses[0]).netloc, min(int(threads), len(addresses))
    fetching = [threading.Thread(target=fetch, args=(host, addresses)) for _ in range(count)]
    for thread in fetching:
        thread.start()
    for thread in fetching:
        thread.join()


def fetch_by_requests(_host: str, addresses: deque[str]) -> None:
    import requests  # a process that does without it does not pay for it

    with requests.Session() as session:
        session.headers.update(headers())
        take_all(addresses, lambda address: session.get(address, timeout=60).json())


def fetch_by_http_client(host: str, addresses: deque[str]) -> None:
    with closing(http.client.HTTPConnection(host, timeout=60)) as connection:

        def fetch(address: str) -> None:
            connection.request("GET", address.partition(f"//{host}")[2], headers=headers())
            connection.getresponse().read()

        take_all(addresses, fetch)


def take_all(addresses: deque[str], fetch: Callable[[str], object]) -> None:
    while addresses:
        try:
            address = addresses.popleft()
        except IndexError:  # another thread was faster
            return
        fetch(address)


def headers() -> dict[str, str]:
    return {"Authorization": f"Bearer {os.environ['TOKEN']}"}


if __name__ == "__main__":
    main()
