"""Unit files as systemd reads them."""

import configparser


def read_unit(text: str) -> configparser.RawConfigParser:
    """Sections and keys, as they are written."""
    parser = configparser.RawConfigParser()
    parser.optionxform = str
    parser.read_string(text)
    return parser
