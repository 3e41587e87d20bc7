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
    """Who is left out; nobody where nothing was entered.

    Raises:
        ExclusionsError: something was entered and cannot be read: then nobody may be looked at.
    """
    file = settings.state_dir / NAME
    try:
        with opened_to_read(file) as opened:
            entered = json.loads(opened.read(LARGEST_FILE))
        return Exclusions(bytes.fromhex(entered["key"]), frozenset(entered["hashes"]), tuple(entered["patterns"]))
    except FileNotFoundError:
        return Exclusions()
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ExclusionsError(
            f"cannot read who is left out of seats ({file})", "mend the file, or delete it and exclude again"
        ) from error


def exclude(settings: Settings, pattern: str) -> bool:
    """Leaves somebody out from now on; false where that was entered before."""
    entered = exclusions(settings)
    entered = entered if entered.key else replace(entered, key=secrets.token_bytes(KEY_BYTES))
    if entered.names_one(pattern):
        new = replace(entered, hashes=entered.hashes | {entered.hash_of(pattern)})
    else:
        new = replace(entered, patterns=tuple(sorted({*entered.patterns, folded(pattern)})))
    return keep(settings, entered, new)


def include_again(settings: Settings, pattern: str) -> bool:
    """Takes back that somebody is left out; false where that was not entered."""
    entered = exclusions(settings)
    hashes = entered.hashes - {entered.hash_of(pattern)} if entered.key else entered.hashes
    patterns = tuple(each for each in entered.patterns if each != folded(pattern))
    return keep(settings, entered, replace(entered, hashes=hashes, patterns=patterns))


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
