"""Where the files of a user and of the host lie by custom. A user without HOME and without a name has no home."""

import pwd
from collections.abc import Callable
from pathlib import Path

import platformdirs

from webexhist.errors import ConfigError, UsageError

NAME = "webexhist"


def configuration_folders() -> tuple[Path, ...]:
    """Where a configuration is looked for: the user's folder, if there is one, and the host's."""
    return tuple(folder for folder in (homely(platformdirs.user_config_path), host_configuration()) if folder)


def user_configuration() -> Path:
    """Where the user's configuration belongs; raises ConfigError where the user has no home."""
    return required(homely(platformdirs.user_config_path), "name the configuration with --config")


def host_configuration() -> Path:
    """Where the host's configuration belongs."""
    return platformdirs.site_config_path(NAME)


def user_data() -> Path:
    """Where the user's data belong; raises ConfigError where the user has no home."""
    return required(homely(platformdirs.user_data_path), "set state_dir to a folder")


def user_home() -> Path:
    """The user's home; raises ConfigError where the user has none."""
    return required(homely(lambda _: Path.home()), "run this as a user that has one")


def named_path(text: str | Path) -> Path:
    """The path that somebody typed, with ~ as a home; raises UsageError where that is the home of nobody."""
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise UsageError(f"{text} lies in the home of nobody known here", "give a whole path, from / on") from error


def homely(find: Callable[[str], Path]) -> Path | None:
    """A folder in the user's home; None where there is no home."""
    try:
        folder = find(NAME)
    except RuntimeError:
        return None
    return folder if folder.is_absolute() else None


def required(folder: Path | None, next_step: str) -> Path:
    """The folder. Raises ConfigError where this user has none."""
    if folder is None:
        raise ConfigError("this user has no home folder (HOME is not set, and the user has no name here)", next_step)
    return folder


def owner_of(path: Path) -> str:
    """The name of the user to whom a file or folder belongs; the number where there is no name."""
    uid = path.stat().st_uid
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
