"""Keeps who is left out wherever it is looked at how seats are used, with the key of the hashes."""

import json
import secrets
from dataclasses import replace

from webexhist.config import Settings
from webexhist.errors import WebexhistError
from webexhist.seat_exclusions import Exclusions
from webexhist.state.private_files import make_private_folder, write_private
from webexhist.state.trusted_files import opened_to_read
from webexhist.texts import folded

NAME = "seat_exclusions.json"
LARGEST_FILE = 8_000_000
KEY_BYTES = 32


class ExclusionsError(WebexhistError):
    """It is not known who is to be left out, or that cannot be kept."""


def exclusions(settings: Settings) -> Exclusions:
    """Who is left out; nobody where nothing was told.

    Raises:
        ExclusionsError: something was told and cannot be read: then it must not be looked at anybody.
    """
    file = settings.state_dir / NAME
    try:
        with opened_to_read(file) as opened:
            told = json.loads(opened.read(LARGEST_FILE))
        return Exclusions(bytes.fromhex(told["key"]), frozenset(told["hashes"]), tuple(told["patterns"]))
    except FileNotFoundError:
        return Exclusions()
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ExclusionsError(
            f"cannot read who is left out of seats ({file})", "mend the file, or delete it and exclude again"
        ) from error


def exclude(settings: Settings, pattern: str) -> bool:
    """Leaves somebody out from now on; false where that was told before."""
    told = exclusions(settings)
    told = told if told.key else replace(told, key=secrets.token_bytes(KEY_BYTES))
    if told.names_one(pattern):
        new = replace(told, hashes=told.hashes | {told.hash_of(pattern)})
    else:
        new = replace(told, patterns=tuple(sorted({*told.patterns, folded(pattern)})))
    return keep(settings, told, new)


def include_again(settings: Settings, pattern: str) -> bool:
    """Takes back that somebody is left out; false where that was not told."""
    told = exclusions(settings)
    hashes = told.hashes - {told.hash_of(pattern)} if told.key else told.hashes
    patterns = tuple(each for each in told.patterns if each != folded(pattern))
    return keep(settings, told, replace(told, hashes=hashes, patterns=patterns))


def keep(settings: Settings, before: Exclusions, now: Exclusions) -> bool:
    if (before.hashes, before.patterns) == (now.hashes, now.patterns):
        return False
    content = {"key": now.key.hex(), "hashes": sorted(now.hashes), "patterns": list(now.patterns)}
    try:
        make_private_folder(settings.state_dir)
        write_private(settings.state_dir / NAME, json.dumps(content).encode())
    except OSError as error:
        raise ExclusionsError(
            f"cannot write {settings.state_dir / NAME} ({error.strerror})", "let this user write state_dir"
        ) from error
    return True
