"""What begins like an option and is none."""

import pytest

from webexhist.cli.prose import options_first

WITH_VALUE = {"--database", "--text"}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["-- all\nSELECT 1"], ["--", "-- all\nSELECT 1"]),
        (["--all\nSELECT 1", "--json"], ["--json", "--", "--all\nSELECT 1"]),
        (["-- n = 1\nSELECT 1", "--database", "a b.db"], ["--database", "a b.db", "--", "-- n = 1\nSELECT 1"]),
        (["add", "- fifty seats", "2026-11-24"], ["--", "add", "- fifty seats", "2026-11-24"]),
        (["--json", "-- all\nSELECT 1", "--", "--x"], ["--json", "--", "-- all\nSELECT 1", "--x"]),
    ],
)
def test_a_sentence_that_begins_with_a_dash_is_no_option(arguments, expected):
    assert options_first(arguments, WITH_VALUE) == expected


@pytest.mark.parametrize(
    "arguments",
    [
        ["SELECT 1", "--json"],
        ["--database=/a folder/b.db", "SELECT 1"],
        ["--text", "- fifty seats", "add"],
        ["-"],
        ["--json", "--", "-- all\nSELECT 1"],
        ["--jsn", "SELECT 1"],
        [],
    ],
)
def test_other_arguments_stay_as_they_are(arguments):
    assert options_first(arguments, WITH_VALUE) == arguments
