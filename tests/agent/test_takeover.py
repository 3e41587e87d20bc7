"""What the seed plugin's cfg says is polled with from then on, whichever editor wrote it; or the reason why not."""

import stat
from configparser import RawConfigParser

import pytest

from webexhist.agent.install import Plugin, planned_files
from webexhist.agent.monagent import AgentError
from webexhist.agent.plugin_cfg import cfg_sections
from webexhist.agent.plugin_file import NAME, PluginFile
from webexhist.agent.takeover import configurations_for, take_over
from webexhist.config import default_state_dir, load_settings
from webexhist.errors import ConfigError

ONE = """\
[Webex Zürich]
access_token = "token-1%s"
orgids = None
use_agent_python = 1
; old
teams =
logging = "True"
"""
SEVERAL = """\
[global_configurations]
client_id = shared-id
client_secret = shared-secret
logging = false
[acme]
refresh_token = refresh-1
[Acme!]
refresh_token = refresh-2
logging = true
[Zürich / EMEA]
refresh_token = refresh-3
use_agent_python = 1
"""


@pytest.fixture
def plugin(tmp_path):
    plugin = Plugin(tmp_path / "monagent")
    (plugin.agent_dir / "plugins" / NAME).mkdir(parents=True)
    return plugin


@pytest.fixture
def target(tmp_path):
    return tmp_path / "etc" / "webexhist.cfg"


def all_taken_over(plugin, target):
    """What each instance polls with, and what the plugin's cfg says when it is done."""
    configurations = configurations_for(plugin, target, {})
    for configuration in configurations:
        if configuration.taken_over:
            take_over(plugin, configuration)
    program = PluginFile(config=configurations[0].file, arguments=("poll",), budget=None, seconds=28)
    instances = {configuration.instance: configuration.file for configuration in configurations}
    parser = RawConfigParser()
    parser.read_string(planned_files(plugin, program, instances)[0].text)
    sections = {section: dict(parser.items(section)) for section in parser.sections()}
    return {name: load_settings({}, file, {}) for name, file in instances.items()}, sections


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be with its mark", "utf-32", "latin-1", "cp1252"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_one_instance_is_taken_over_whichever_editor_wrote_it(plugin, target, encoding, end):
    text = ONE.replace("\n", end)
    content = b"\xfe\xff" + text.encode("utf-16-be") if "mark" in encoding else text.encode(encoding)
    plugin.cfg.write_bytes(content)
    settings, sections = all_taken_over(plugin, target)
    (found,) = settings.values()
    assert (found.access_token, found.orgids, found.teams, found.logging) == ("token-1%s", (), (), True)
    assert (found.unknown, found.file, stat.S_IMODE(target.stat().st_mode)) == ((), target, 0o600)
    assert sections == {"Webex Zürich": {"config": str(target), "use_agent_python": "1"}}


def test_each_of_several_instances_gets_a_configuration_and_a_state_of_its_own(plugin, target):
    plugin.cfg.write_text(SEVERAL, encoding="utf-8")
    settings, sections = all_taken_over(plugin, target)
    taken = {
        name: (found.client_id, found.refresh_token, found.logging, found.file.name, found.state_dir)
        for name, found in settings.items()
    }
    state = default_state_dir()
    assert taken == {
        "acme": ("shared-id", "refresh-1", False, "webexhist-acme.cfg", state / "acme"),
        "Acme!": ("shared-id", "refresh-2", True, "webexhist-acme-2.cfg", state / "acme-2"),
        "Zürich / EMEA": ("shared-id", "refresh-3", False, "webexhist-z-rich-emea.cfg", state / "z-rich-emea"),
    }
    assert sections == {
        "acme": {"config": str(target.with_name("webexhist-acme.cfg"))},
        "Acme!": {"config": str(target.with_name("webexhist-acme-2.cfg"))},
        "Zürich / EMEA": {"config": str(target.with_name("webexhist-z-rich-emea.cfg")), "use_agent_python": "1"},
    }


def test_names_of_instances_that_make_one_word_get_words_of_their_own(plugin, target):
    names = ["acme-2", "acme", "ACME", "Acme.", "東京", "大阪", "instance"]
    plugin.cfg.write_text("".join(f"[{name}]\naccess_token = {number}\n" for number, name in enumerate(names)))
    settings, _ = all_taken_over(plugin, target)
    files = [settings[name].file.stem.removeprefix("webexhist-") for name in names]
    assert files == ["acme-2", "acme", "acme-3", "acme-4", "instance", "instance-2", "instance-3"]
    assert [settings[name].state_dir.name for name in names] == files


def test_what_was_taken_over_is_not_taken_again(plugin, target):
    """A second try, after what failed in the first is mended, uses the files of the first."""
    plugin.cfg.write_text(SEVERAL, encoding="utf-8")
    all_taken_over(plugin, target)
    mended = target.with_name("webexhist-acme.cfg")
    mended.write_text("[CONFIGURATIONS]\nrefresh_token = newer\n")
    settings, _ = all_taken_over(plugin, target)
    assert [found.refresh_token for found in settings.values()] == ["newer", "refresh-2", "refresh-3"]


@pytest.mark.parametrize("section", ["global_configurations", "DEFAULT"])
def test_keys_that_belong_to_no_instance_are_one_of_the_plugins_own_name(plugin, target, section):
    plugin.cfg.write_text(f"[{section}]\nACCESS_TOKEN = 'token'\n")
    settings, sections = all_taken_over(plugin, target)
    assert settings["webex_licensing_monitoring"].access_token == "token"
    assert list(sections) == ["webex_licensing_monitoring"]


def test_instances_that_hold_nothing_to_take_over_stay(plugin, target):
    plugin.cfg.write_text("[one]\naccess_token = token\n[two]\nhost = db\n")
    _, sections = all_taken_over(plugin, target)
    assert sections == {"one": {"config": str(target.with_name("webexhist-one.cfg"))}, "two": {"host": "db"}}


@pytest.mark.parametrize(
    ("content", "error", "reason"),
    [
        (b"access_token = x\n", AgentError, "(line 1: it is no INI file)"),
        (b"[a]\naccess_token = x\nrefresh_token\n", AgentError, "(line 3: it is no INI file)"),
        (b"[a]\naccess_token = \x81\n", AgentError, "it is no text in UTF-8, in Latin-1, or in UTF-16 with its mark"),
        ("[a]\naccess_token = x\n".encode("utf-16-le"), AgentError, "in UTF-16 with its mark"),
        (b"\xff\xfe[", AgentError, "it is no text"),
        (b"[a b]\naccess_token = x\nuse_custom_fields = true\n", ConfigError, "[a b] in"),
        (b"[a]\naccess_token = \xe4\n", ConfigError, "access_token holds a line end or a character beyond ASCII"),
        (b"[a]\naccess_token = x  # of Anna\n", ConfigError, "access_token holds a space"),
        (b"[a]\naccess_token = x\norgids = one\n  two ; three\n", ConfigError, "orgids holds 'two ; three'"),
        (b"[a]\naccess_token = x\nlogging = True ; or False\n", ConfigError, "logging is 'True ; or False'"),
        (b"[a]\naccess_token = x\nworkers = many\n", ConfigError, "workers is 'many'"),
        (b"[a]\nhost = db\n", ConfigError, "there is no configuration"),
    ],
)
def test_what_cannot_be_taken_over_is_named_with_its_reason_and_nothing_is_written(
    plugin, target, content, error, reason
):
    plugin.cfg.write_bytes(content)
    with pytest.raises(error) as raised:
        all_taken_over(plugin, target)
    assert reason in str(raised.value)
    assert cfg_name_in(raised.value, plugin) or "no configuration" in reason
    assert not target.parent.exists()


def cfg_name_in(error, plugin):
    return str(plugin.cfg) in str(error)


def test_the_cfg_of_before_is_read_as_the_agent_reads_it(plugin):
    plugin.cfg.write_text("[global_configurations]\na = 1\nb = 100%\n[x]\nA = 2\n[x]\nc = 3\n")
    assert cfg_sections(plugin.cfg) == {"x": {"a": "2", "b": "100%", "c": "3"}}
