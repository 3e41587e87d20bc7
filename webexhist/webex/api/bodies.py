"""Reads what a server sends no further than any true answer reaches, packed or not."""

import json
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, ReadTimeoutError

from webexhist.webex.api.errors import BadAnswer

CHUNK = 256 * 1024


def content_within(chunks: Iterable[bytes], largest: int, request: str, go_on: Callable[[], object]) -> bytes:
    """The body; `go_on` is called between chunks, and ends the reading by raising.

    Raises:
        BadAnswer: it is larger than `largest` bytes.
    """
    content = []
    size = 0
    for chunk in chunks:
        content.append(chunk)
        size += len(chunk)
        if size > largest:
            raise BadAnswer(f"{request} answered more than {in_words(largest)}")
        go_on()
    return b"".join(content)


def in_words(size: int) -> str:
    """Bytes as whole KB or MB."""
    return f"{size // 1024**2} MB" if size >= 1024**2 else f"{size // 1024} KB"


def parsed_json(content: bytes, request: str) -> Any:
    """The JSON in a body.

    Raises:
        BadAnswer: it is none.
    """
    try:
        return json.loads(content, parse_int=as_number)
    except (ValueError, RecursionError) as error:
        raise BadAnswer(f"{request} did not answer JSON") from error


def as_number(digits: str) -> int | float:
    """The number; infinity where it has more digits than Python reads: all else in the body is read all the same."""
    try:
        return int(digits)
    except ValueError:
        return float(digits)


class SmallAnswers(HTTPAdapter):
    """For libraries that read every body whole: hands them none that is larger than `largest` bytes."""

    def __init__(self, largest: int) -> None:
        super().__init__()
        self.largest = largest

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Raises BadAnswer where the body is larger."""
        response = super().send(request, *args, **options)
        packed = response.raw
        name = f"{request.method} {(request.path_url or '').partition('?')[0]}"
        try:
            chunks = packed.stream(CHUNK, decode_content=True)
            response.raw = BytesIO(content_within(chunks, self.largest, name, lambda: None))
        except ReadTimeoutError as error:
            raise requests.ReadTimeout(error, request=request) from error
        except HTTPError as error:
            raise requests.ConnectionError(error, request=request) from error
        finally:
            packed.close()
        return response
