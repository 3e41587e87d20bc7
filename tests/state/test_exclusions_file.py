"""Who is left out is known as it was entered, or it is looked at nobody."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from webexhist.config import load_settings
from webexhist.seat_exclusions import Exclusions
from webexhist.state.exclusions_file import ExclusionsError, exclude, exclusions, include_again


@pytest.fixture
def settings(tmp_path):
    return load_settings({"state_dir": str(tmp_path)}, None, {})


def test_what_was_entered_is_kept_and_taken_back(settings):
    assert exclusions(settings) == Exclusions()
    assert exclude(settings, "anna@example.com")
    assert exclude(settings, "department=Board*")
    assert not exclude(settings, "Anna@Example.com")
    entered = exclusions(settings)
    assert entered.excludes(["ANNA@example.com"], {})
    assert entered.excludes([], {"department": ("Board of directors",)})
    assert not entered.excludes(["ben@example.com"], {"department": ("Sales",)})
    assert include_again(settings, "anna@example.com")
    assert not exclusions(settings).excludes(["anna@example.com"], {})


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"5",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b"\xff",
        {"key": ""},
        {"key": "00"},
        {"key": "zz" * 32},
        {"key": 5},
        {"hashes": "a" * 64},
        {"hashes": ["a"]},
        {"hashes": [5]},
        {"hashes": [["a" * 64]]},
        {"hashes": {"a" * 64: 1}},
        {"patterns": "board*"},
        {"patterns": [5]},
        {"patterns": [""]},
        {"patterns": None},
    ],
)
@pytest.mark.usefixtures("garbage_waits")
def test_a_file_that_is_not_as_it_was_kept_lets_nobody_be_looked_at(settings, damage):
    exclude(settings, "anna@example.com")
    file = settings.state_dir / "seat_exclusions.json"
    kept = json.loads(file.read_text())
    file.write_bytes(damage if isinstance(damage, bytes) else json.dumps(kept | damage).encode())
    with pytest.raises(ExclusionsError, match="mend the file, or delete it and exclude again"):
        exclusions(settings)


def test_of_many_who_leave_somebody_out_at_once_none_is_forgotten(settings):
    names = [f"person{number}@example.com" for number in range(8)]
    with ThreadPoolExecutor(len(names)) as pool:
        assert all(pool.map(lambda name: exclude(settings, name), names))
    assert all(exclusions(settings).excludes([name], {}) for name in names)
