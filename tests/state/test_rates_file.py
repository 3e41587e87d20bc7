"""The rates that the next poll begins with, in a file of their own."""

import pytest

from webexhist.config import load_settings
from webexhist.request_rates import KnownRate
from webexhist.state.rates_file import NAME, known_rates, remember_rates

RATES = {"*": KnownRate(4.0, 5.0, 60.0), "/v1/people": KnownRate(2.0, 2.5, 1.0)}


@pytest.fixture
def settings(tmp_path):
    def of(token: str = "one"):
        return load_settings({"state_dir": str(tmp_path), "access_token": token}, None, {})

    return of


def test_what_is_remembered_is_known_to_the_same_configuration_only(settings, tmp_path):
    remember_rates(settings(), {}, RATES)
    assert known_rates(settings()) == RATES
    assert known_rates(settings("another")) == {}
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600


def test_nothing_is_written_where_nothing_changed(settings, tmp_path):
    remember_rates(settings(), {}, {})
    assert not (tmp_path / NAME).exists()


def test_rates_that_are_limited_no_more_are_forgotten(settings):
    remember_rates(settings(), {}, RATES)
    remember_rates(settings(), RATES, {})
    assert known_rates(settings()) == {}


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:-9],
        lambda text: "[]",
        lambda text: "[" * 90_000,
        lambda text: text.replace("4.0", "NaN"),
        lambda text: text.replace("4.0", "0"),
        lambda text: text.replace("4.0", "-1"),
        lambda text: text.replace("60.0", "1e999"),
        lambda text: text.replace("[4.0", "[[]"),
        lambda text: text.replace(", 60.0", ""),
        lambda text: text.replace("4.0", "9" * 400),
    ],
)
def test_a_damaged_file_is_as_good_as_none(settings, tmp_path, damage):
    remember_rates(settings(), {}, RATES)
    (tmp_path / NAME).write_text(damage((tmp_path / NAME).read_text()))
    assert known_rates(settings()) == {}
