"""The settings that a command goes by."""

from collections.abc import Mapping
from pathlib import Path

from webexhist import config
from webexhist.cli.output import print_warning


def load_settings(options: Mapping[str, str | None], file: Path | None) -> config.Settings:
    """As `config.load_settings`; what it did not heed is printed, a line each."""
    settings = config.load_settings(options, file)
    print_unheeded(settings)
    return settings


def print_unheeded(settings: config.Settings) -> None:
    """A line for every file, key and variable that stays without effect."""
    for warning in (*settings.passed_over, *settings.unknown):
        print_warning(warning)
