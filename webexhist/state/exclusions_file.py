"""Keeps who is left out wherever it is looked at how seats are used, with the key of the hashes."""

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from webexhist.config import Settings
from webexhist.errors import WebexhistError
from webexhist.seat_exclusions import Exclusions
from webexhist.state.private_files import locked, make_private_folder, write_private
from webexhist.state.trusted_files import opened_to_read
from webexhist.texts import folded

NAME = "seat_exclusions.json"
LOCK = "seat_exclusions.lock"
LOCK_SECONDS = 30.0
LARGEST_FILE = 8_000_000
KEY_BYTES = 32
HASH = re.compile(r"[0-9a-f]{64}")


class ExclusionsError(WebexhistError):
    """It is not known who is to be left out, or that cannot be kept."""


def exclusions(settings: Settings) -> Exclusions:
    """Who is left out; nobody where nothing was entered.

    Raises:
        ExclusionsError: something was entered and cannot be read: then nobody may be looked at.
    """
    file = settings.state_dir / NAME
    try:
        with opened_to_read(file) as opened:
            return exclusions_from_json(json.loads(opened.read(LARGEST_FILE)))
    except FileNotFoundError:
        return Exclusions()
    except OSError as error:
        raise ExclusionsError(
            f"cannot read who is left out of seats ({file}: {error.strerror})", "let this user read state_dir"
        ) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ExclusionsError(
            f"cannot read who is left out of seats ({file})", "mend the file, or delete it and exclude again"
        ) from error


def exclusions_from_json(entered: dict[str, Any]) -> Exclusions:
    """Who is left out, as it was kept.

    Raises:
        ValueError, TypeError, KeyError: it is not what was kept, so that somebody could be looked at after all.
    """
    key, hashes, patterns = bytes.fromhex(entered["key"]), entered["hashes"], entered["patterns"]
    if not isinstance(hashes, list) or not isinstance(patterns, list):
        raise TypeError("a list is none")
    if len(key) != KEY_BYTES or not all(isinstance(each, str) and HASH.fullmatch(each) for each in hashes):
        raise ValueError("no hash can be compared with these")
    if not all(isinstance(each, str) and each for each in patterns):
        raise ValueError("a pattern is none")
    return Exclusions(key, frozenset(hashes), tuple(patterns))


def exclude(settings: Settings, pattern: str) -> bool:
    """Leaves somebody out from now on; false where that was entered before."""

    def with_one_more(entered: Exclusions) -> Exclusions:
        entered = entered if entered.key else replace(entered, key=secrets.token_bytes(KEY_BYTES))
        if entered.names_one(pattern):
            return replace(entered, hashes=entered.hashes | {entered.hash_of(pattern)})
        return replace(entered, patterns=tuple(sorted({*entered.patterns, folded(pattern)})))

    return change(settings, with_one_more)


def include_again(settings: Settings, pattern: str) -> bool:
    """Takes back that somebody is left out; false where that was not entered."""

    def with_one_less(entered: Exclusions) -> Exclusions:
        hashes = entered.hashes - {entered.hash_of(pattern)} if entered.key else entered.hashes
        patterns = tuple(each for each in entered.patterns if each != folded(pattern))
        return replace(entered, hashes=hashes, patterns=patterns)

    return change(settings, with_one_less)


def change(settings: Settings, changed: Callable[[Exclusions], Exclusions]) -> bool:
    """Keeps who is left out once that is changed, one process at a time; false where nothing changes."""
    try:
        make_private_folder(settings.state_dir)
        with locked(settings.state_dir / LOCK, LOCK_SECONDS):
            before = exclusions(settings)
            now = changed(before)
            if (before.hashes, before.patterns) == (now.hashes, now.patterns):
                return False
            content = {"key": now.key.hex(), "hashes": sorted(now.hashes), "patterns": list(now.patterns)}
            write_private(settings.state_dir / NAME, json.dumps(content).encode())
    except OSError as error:
        raise ExclusionsError(
            f"cannot write {settings.state_dir / NAME} ({error.strerror})", "let this user write state_dir"
        ) from error
    return True
