"""The lines of a text file that somebody else wrote, with their numbers; never more than one in memory."""

from collections.abc import Callable, Iterator
from typing import IO

from webexhist.carried import RefusedLineError

LONGEST_LINE = 16 * 1024 * 1024
"""Bytes; the list of ten thousand licenses takes a fifth."""
UTF_8_MARK = b"\xef\xbb\xbf"
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def numbered_lines(file: IO[bytes], advance: Callable[[int], None] = lambda _: None) -> Iterator[tuple[int, str]]:
    """Every line without its end. `advance` is called with how many bytes were read.

    Raises RefusedLineError, with the line's number, for one that is too long or not written in UTF-8.
    """
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        advance(len(line))
        if len(line) > LONGEST_LINE:
            raise RefusedLineError(
                number, f"it is longer than {LONGEST_LINE // 1024**2} MB", "one snapshot is one line"
            )
        if number == 1:
            if line.startswith(UTF_16_MARKS) or b"\0" in line[:4]:
                raise RefusedLineError(1, "the file is written in UTF-16 or is no text", "save it as UTF-8")
            line = line.removeprefix(UTF_8_MARK)
        try:
            yield number, line.decode().rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise RefusedLineError(number, "it is not written in UTF-8", "save the file as UTF-8") from error
