"""The rates that the next poll begins with, in a file of their own."""

import pytest

from webexhist.config import load_settings
from webexhist.request_rates import KnownRate
from webexhist.state.rates_file import MOST_CONFIGURATIONS, NAME, known_rates, remember_rates

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


def test_configurations_that_share_a_folder_leave_one_another_what_they_learned(settings):
    for number in range(MOST_CONFIGURATIONS):
        remember_rates(settings(str(number)), {}, RATES)
        remember_rates(settings("often"), {}, RATES)
    assert known_rates(settings("0")) == {}, "the one that polled the longest ago is forgotten"
    assert all(known_rates(settings(str(number))) == RATES for number in range(1, MOST_CONFIGURATIONS))
    remember_rates(settings("often"), RATES, {})
    assert known_rates(settings("1")) == RATES


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
