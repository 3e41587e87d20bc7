"""Reads what a server sends no further than any true answer reaches, packed or not."""

import json
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

import requests
from urllib3 import BaseHTTPResponse, HTTPResponse
from urllib3.exceptions import ReadTimeoutError

from webexhist.webex.api.connections import NOT_REACHED
from webexhist.webex.api.errors import BadAnswer
from webexhist.webex.api.interim_answers import AwaitedAnswers
from webexhist.webex.api.json_values import JsonObject

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
        BadAnswer: it is none, or says two things at once.
    """
    try:
        return json.loads(content, parse_int=as_number, object_pairs_hook=unambiguous)
    except (ValueError, RecursionError) as error:
        raise BadAnswer(f"{request} did not answer JSON") from error


def unambiguous(pairs: list[tuple[str, Any]]) -> JsonObject:
    """The object of these names and values.

    Raises:
        ValueError: a name has two values that differ: which of them is meant nobody knows (RFC 8259, section 4).
    """
    found = dict(pairs)
    if len(found) != len(pairs) and any(found[name] != value for name, value in pairs):
        raise ValueError("a name has two values")
    return found


def as_number(digits: str) -> int | float:
    """The number; infinity where it has more digits than Python reads: all else in the body is read all the same."""
    try:
        return int(digits)
    except ValueError:
        return float(digits)


class SmallAnswers(AwaitedAnswers):
    """For libraries that read every body whole: hands them none that is larger than `largest` bytes.

    Where what came `is_enough`, it is handed over whatever became of the rest, and however it says that it is packed.
    The second argument of that says whether it came whole.
    """

    def __init__(self, largest: int, is_enough: Callable[[bytes, bool], bool]) -> None:
        super().__init__()
        self.largest = largest
        self.is_enough = is_enough
        self.is_whole = True
        """Whether the last answer came whole."""

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Raises BadAnswer where the body is larger, requests' own errors where it broke off."""
        response = super().send(request, *args, **options)
        try:
            came, problem = received(response.raw, self.largest)
        finally:
            response.raw.close()
        named = response.raw.headers.get("Content-Encoding", "")
        readings = [received(packed(came, encoding), self.largest) for encoding in (named, "", "gzip", "deflate")]
        enough = ((read, not (problem or cut)) for read, cut in readings)
        content, self.is_whole = next((each for each in enough if self.is_enough(*each)), (None, False))
        if content is None:
            content, problem_within = readings[0]
            raise_problem(problem or problem_within, request, self.largest)
        response.raw = BytesIO(content)
        return response


class TooLargeError(Exception):
    """There is more of a body than is read."""


def received(body: BaseHTTPResponse, largest: int) -> tuple[bytes, Exception | None]:
    """What came of a body, and why there is no more of it where it broke off or is larger."""
    content = b""
    try:
        while piece := body.read1(largest):
            content += piece
            if len(content) > largest:
                return content[:largest], TooLargeError()
    except NOT_REACHED as error:
        return content, error
    return content, None


def packed(content: bytes, encoding: str) -> BaseHTTPResponse:
    """A body that is unpacked while it is read."""
    return HTTPResponse(
        BytesIO(content), headers={"Content-Encoding": encoding}, preload_content=False, decode_content=True
    )


def raise_problem(problem: Exception | None, request: requests.PreparedRequest, largest: int) -> None:
    """Raises BadAnswer where a body is too large, what the library raises where it broke off; else nothing."""
    if isinstance(problem, TooLargeError):
        name = f"{request.method} {(request.path_url or '').partition('?')[0]}"
        raise BadAnswer(f"{name} answered more than {in_words(largest)}") from problem
    if isinstance(problem, ReadTimeoutError):
        raise requests.ReadTimeout(problem, request=request) from problem
    if problem is not None:
        raise requests.ConnectionError(problem, request=request) from problem
