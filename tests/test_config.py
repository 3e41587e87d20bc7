"""Settings: where they come from, which source wins, and what is said when one makes no sense."""

from pathlib import Path

import pytest

from webexhist.config import SETTINGS, load_settings
from webexhist.errors import ConfigError, UsageError

SEED = """
[CONFIGURATIONS]
ACCESS_TOKEN = "tok%en"
client_id = 'C1'
client_secret=S1
refresh_token=R1
use_custom_fields = "true"
orgids = "O1, 'O2' ,O1"
teams = T1
logging = "False"
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "plugin.cfg"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_seeds_own_file_is_read_as_the_agent_reads_it(tmp_path):
    settings = load_settings({}, written(tmp_path, SEED), {})
    assert settings.access_token == "tok%en"
    assert (settings.client_id, settings.client_secret, settings.refresh_token) == ("C1", "S1", "R1")
    assert settings.monitored_organizations == ("O1", "O2")
    assert settings.monitored_teams == ("T1",)
    assert settings.logging is False


def test_an_only_section_may_have_any_name(tmp_path):
    settings = load_settings({}, written(tmp_path, "[webex]\nworkers=3\n"), {})
    assert settings.workers == 3


def test_an_option_beats_the_environment_and_the_environment_beats_the_file(tmp_path):
    file = written(tmp_path, "[webex]\nworkers=3\nbudget_seconds=30\nsettle_seconds=10\n")
    environment = {"WEBEXHIST_WORKERS": "4", "WEBEXHIST_BUDGET_SECONDS": "40"}
    settings = load_settings({"workers": "5", "budget_seconds": None}, file, environment)
    assert (settings.workers, settings.budget_seconds, settings.settle_seconds) == (5, 40, 10)


def test_custom_fields_are_ignored_unless_switched_on(tmp_path):
    text = SEED.replace('use_custom_fields = "true"', "use_custom_fields=False")
    settings = load_settings({}, written(tmp_path, text), {})
    assert settings.monitored_organizations == ()
    assert settings.monitored_teams == ()


@pytest.mark.parametrize(
    ("orgids", "teams", "named"), [("O1", "", "teams is"), ("", "T1", "orgids is"), ("", "", "orgids and teams are")]
)
def test_custom_fields_need_both_organizations_and_teams(orgids, teams, named):
    options = {"use_custom_fields": "true", "orgids": orgids, "teams": teams}
    with pytest.raises(UsageError, match=f"but {named} empty"):
        load_settings(options, None, {})


def test_the_usual_places_are_searched_in_order(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("webexhist.cfg").write_text("[webex]\nworkers=2\n")
    assert load_settings({}, None, {}).workers == 2
    other = written(tmp_path, "[webex]\nworkers=7\n")
    assert load_settings({}, None, {"WEBEXHIST_CONFIG": str(other)}).workers == 7


def test_defaults_follow_the_base_address_and_the_state_folder(tmp_path):
    public = load_settings({"state_dir": str(tmp_path)}, None, {})
    assert public.base_url == "https://webexapis.com"
    assert public.analytics_url == "https://analytics.webexapis.com"
    assert public.database == str(tmp_path / "webexhist.db")
    government = load_settings({"base_url": "https://api-usgov.webex.com/v1/"}, None, {})
    assert government.base_url == "https://api-usgov.webex.com"
    assert government.identity_url == government.analytics_url == "https://api-usgov.webex.com"


def test_relative_paths_of_a_file_lead_from_where_it_lies(tmp_path, monkeypatch):
    monkeypatch.chdir("/")
    file = written(tmp_path, "[webex]\nstate_dir = 'state'\ndatabase = ../history.db\n")
    settings = load_settings({}, file, {})
    assert settings.state_dir == tmp_path / "state"
    assert settings.database == str(tmp_path / ".." / "history.db")


def test_relative_paths_of_options_and_the_environment_lead_from_the_current_folder(tmp_path):
    file = written(tmp_path, "[webex]\nstate_dir = state\ndatabase = history.db\n")
    settings = load_settings({"database": "other.db"}, file, {"WEBEXHIST_STATE_DIR": "var"})
    assert (str(settings.state_dir), settings.database) == ("var", "other.db")


@pytest.mark.parametrize("text", ["~/history.db", "/var/history.db", "postgresql+psycopg://user@host/history"])
def test_paths_that_are_whole_are_left_as_they_are(tmp_path, monkeypatch, text):
    monkeypatch.setenv("HOME", "/home/synthetic")
    settings = load_settings({}, written(tmp_path, f"[webex]\ndatabase = {text}\n"), {})
    assert settings.database == text.replace("~", "/home/synthetic")


@pytest.mark.parametrize("name", ["access_token", "refresh_token", "client_id", "client_secret"])
@pytest.mark.parametrize("text", ["planted\n secret", "planted-s\N{LATIN SMALL LETTER E WITH ACUTE}cret"])
def test_a_secret_that_no_request_can_carry_is_reported_without_repeating_it(name, text):
    with pytest.raises(ConfigError, match=f"{name} holds a line end or a character beyond ASCII") as caught:
        load_settings({name: text}, None, {})
    assert "planted" not in str(caught.value)


@pytest.mark.parametrize(
    ("key", "text", "complaint"),
    [
        ("state_dir", "~nobody-of-that-name/state", "in the home of nobody known here"),
        ("database", "a\0b", "not a path"),
        ("workers", "0", "workers is '0', not a whole number between 1 and 64"),
        ("workers", "9" * 5_000, "9', not a whole number between 1 and 64"),
        ("settle_seconds", "9" * 5_000, "9', not a whole number of seconds between 0 and 86400"),
        ("smtp_port", "9" * 5_000, "9', not a port between 1 and 65535"),
        ("workers", "many", "workers is 'many'"),
        ("budget_seconds", "nan", "budget_seconds is 'nan'"),
        ("settle_seconds", "-5", "settle_seconds is '-5'"),
        ("logging", "perhaps", "logging is 'perhaps', not true or false"),
        ("messages_source", "mail", "not one of auto, events, rooms, off"),
        ("base_url", "webexapis.com", "not an address like https://webexapis.com"),
        ("base_url", "https://[", "not an address like https://webexapis.com"),
        ("base_url", "http://webexapis.com", "tokens are sent over https only"),
    ],
)
def test_a_value_that_cannot_be_meant_is_reported_in_one_line(key, text, complaint):
    with pytest.raises(ConfigError) as caught:
        load_settings({key: text}, None, {})
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"workers=3\n", "is not an INI file"),
        (b"[a]\nx=1\n[b]\ny=2\n", "has [a], [b]: put the settings under [CONFIGURATIONS]"),
        (b"", "has no section at all"),
        (b"[a]\nname=\xff\xfe\n", "it is not UTF-8 text"),
    ],
)
def test_a_file_that_is_none_of_ours_is_reported_in_one_line(tmp_path, content, complaint):
    file = tmp_path / "broken.cfg"
    file.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load_settings({}, file, {})
    assert complaint in str(caught.value)
    assert str(file) in str(caught.value)


def test_a_file_that_is_not_there_is_reported_with_its_path(tmp_path):
    with pytest.raises(ConfigError, match=r"cannot read the configuration .*missing\.cfg \(No such file"):
        load_settings({}, tmp_path / "missing.cfg", {})


def test_no_secret_shows_when_settings_are_printed(tmp_path):
    shown = repr(load_settings({}, written(tmp_path, SEED), {}))
    assert not [secret for secret in ("tok%en", "C1", "S1", "R1") if f"'{secret}'" in shown]


def test_every_setting_has_a_default_an_environment_variable_and_words(tmp_path):
    settings = load_settings({}, None, {"WEBEXHIST_STATE_DIR": str(tmp_path)})
    for name, row in SETTINGS.items():
        assert hasattr(settings, name)
        assert row.help.endswith(".")
        assert "[" not in row.help + row.default, "the terminal takes brackets for styles"
    assert (settings.workers, settings.budget_seconds, settings.settle_seconds) == (8, 60.0, 120)
    assert (settings.logging, settings.use_custom_fields, settings.messages_source) == (True, False, "auto")
    assert (settings.access_token, settings.orgids) == ("", ())


def test_what_is_secret_is_not_shown_with_the_settings(tmp_path):
    secrets = {name: f"shh-{name}" for name in ("access_token", "refresh_token", "client_id", "client_secret")}
    options = secrets | {"state_dir": str(tmp_path), "database": "postgresql+psycopg://me:shh-password@localhost/x"}
    assert "shh" not in repr(load_settings(options, None, {}))


def test_a_collector_has_one_pace(tmp_path):
    with pytest.raises(ConfigError, match=r"^every gives 'people' two paces"):
        load_settings({}, written(tmp_path, "[webex]\nevery = people:3600, rooms:60, people :60\n"), {})
