"""The configuration file: where it is looked for, and what it says, read as the Site24x7 agent reads it."""

import codecs
import os
import stat
from collections.abc import Mapping
from configparser import Error as IniError
from configparser import RawConfigParser
from dataclasses import dataclass
from pathlib import Path

from webexhist.errors import ConfigError
from webexhist.files import content_of
from webexhist.setting_values import as_given
from webexhist.user_folders import configuration_folders

FILE_NAME = "webexhist.cfg"
SECTION = "CONFIGURATIONS"
VARIABLE = "WEBEXHIST_CONFIG"
LARGEST = 1_000_000
"""Bytes; a thousand times what all settings take."""
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""What editors begin a file with, and the encoding that it stands for; a longer one before the one that begins it."""
ROOT = 0
NAMED = "name it with --config where it is meant"


@dataclass(frozen=True, slots=True)
class FoundFile:
    """Which configuration file is to be read."""

    path: Path | None
    """None where there is none."""
    passed_over: tuple[str, ...] = ()
    """What lies in the usual places and is not read, and why."""

    def missing(self, problem: str, next_step: str) -> ConfigError:
        """The error where one is needed and there is none: it says too what was passed over."""
        error = ConfigError(problem, next_step)
        for passed_over in self.passed_over:
            error.add_note(passed_over)
        return error


def find_config_file(config: Path | None, environment: Mapping[str, str]) -> FoundFile:
    """The file asked for, else the first in the usual places that may be read and that nobody else could write."""
    asked_for = config or (Path(environment[VARIABLE]) if environment.get(VARIABLE) else None)
    if asked_for is not None:
        return FoundFile(asked_for)
    passed_over: list[str] = []
    for folder in (Path(), *configuration_folders()):
        file = folder / FILE_NAME
        if not lies_there(file):
            continue
        objection = objection_to(file, is_current=folder == Path())
        if not objection:
            return FoundFile(file, tuple(passed_over))
        passed_over.append(f"the configuration {file.absolute()} is passed over: {objection}")
    return FoundFile(None, tuple(passed_over))


def lies_there(file: Path) -> bool:
    """Whether anything lies there, and this user may look where it would lie."""
    try:
        file.lstat()
    except OSError:
        return False
    return True


def objection_to(file: Path, *, is_current: bool) -> str:
    """Why a file is passed over; empty where nothing is against it.

    In the current folder it has to be this user's own, for root runs commands anywhere.
    """
    try:
        link, found, folder, own = file.lstat(), file.stat(), file.parent.stat(), os.geteuid()
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    if not stat.S_ISREG(found.st_mode):
        return "no regular file lies in its place; take that away"
    if not os.access(file, os.R_OK, effective_ids=True):
        return "this user may not read it"
    if not is_current:
        return ""
    if {link.st_uid, found.st_uid} != {own}:
        return f"it belongs to another user; {NAMED}"
    if folder.st_uid not in (own, ROOT):
        return f"its folder belongs to another user; {NAMED}"
    if found.st_mode & 0o022:
        return f"others may write it; {NAMED}"
    if folder.st_mode & 0o022 and not folder.st_mode & stat.S_ISVTX:
        return f"others may write its folder; {NAMED}"
    return ""


def read_config_file(file: Path) -> dict[str, str]:
    """The keys of the seed's section, or of the only section.

    Raises:
        ConfigError: it cannot be read, or is no such file.
    """
    try:
        text = text_of(file)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ConfigError(
            f"cannot read the configuration {file} ({reason})", "check the path and its rights"
        ) from error
    parser = parsed(text, file)
    return {key: as_given(value) for key, value in parser.items(section_of(parser, file))}


def parsed(text: str, file: Path) -> RawConfigParser:
    """The text of a configuration, read as the agent reads it.

    Raises:
        ConfigError: it is no INI file.
    """
    parser = RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except IniError as error:
        problem = f"the configuration {file} is not an INI file (line {line_of(error)})"
        raise ConfigError(problem, f"it needs a section [{SECTION}] with lines like key = value") from error
    return parser


def line_of(error: IniError) -> int:
    """The first line that is none of an INI file."""
    wrong = getattr(error, "errors", ())
    return wrong[0][0] if wrong else getattr(error, "lineno", 1)


def section_of(parser: RawConfigParser, file: Path) -> str:
    """The seed's section, or the only one.

    Raises:
        ConfigError: there is none, or there are several.
    """
    sections = parser.sections()
    named = [section for section in sections if section.upper() == SECTION]
    if not named and len(sections) != 1:
        found = ", ".join(f"[{section}]" for section in sections) or "no section at all"
        raise ConfigError(f"the configuration {file} has {found}", f"put the settings under [{SECTION}]")
    return (named or sections)[0]


def text_of(file: Path) -> str:
    """What the file holds; raises OSError, or UnicodeDecodeError."""
    return ini_text(content_of(file, LARGEST))


def ini_text(content: bytes, unmarked: str = "utf-8") -> str:
    """The text of a file in the encoding of its byte order mark, else in `unmarked`; lines end as on any system.

    Raises:
        UnicodeDecodeError: it is no such text.
    """
    marked = [encoding for mark, encoding in MARKS if content.startswith(mark)]
    text = content.removeprefix(codecs.BOM_UTF8).decode(marked[0] if marked else unmarked)
    return text.replace("\r\n", "\n").replace("\r", "\n")
