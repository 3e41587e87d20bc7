"""What the program as a whole understands: its version, its help, options on either side of a command, completion."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from webexhist import __version__
from webexhist.cli.app import GROUPS, app
from webexhist.cli.main import command_first, register_commands


@pytest.fixture(scope="module")
def program():
    register_commands(())
    return typer.main.get_command(app)


def every_command(command, words=()):
    """Every command that can be run, with the words that call it."""
    yield from ((called, each) for called, each in everything(command, words) if not hasattr(each, "commands"))


def everything(command, words=()):
    """The program, its groups and its commands, with the words that call them."""
    yield words, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from everything(inner, (*words, name))


def test_the_version_is_printed_with_what_a_report_of_a_fault_needs(webexhist):
    assert webexhist("--version").stdout.startswith(f"webexhist {__version__}, database schema ")


@pytest.mark.parametrize("arguments", [("-h",), ("licenses", "-h"), ("contract", "-h"), ("contract", "list", "-h")])
def test_the_help_is_asked_for_by_a_letter_too(webexhist, arguments):
    done = webexhist(*arguments)
    assert (done.code, "Usage: webexhist" in done.stdout) == (0, True)


@pytest.mark.parametrize("group", ["", "db", "contract"])
def test_without_a_command_the_help_is_shown_as_it_is(webexhist, group):
    done = webexhist(*group.split())
    asked_for = webexhist(*group.split(), "--help")
    assert (done.code, done.stdout, done.stderr.rstrip("\n")) == (2, "", asked_for.stdout.rstrip("\n"))
    assert "\n\nOptions:\n" in done.stderr


def test_every_command_stands_in_a_group_and_the_groups_in_their_order(webexhist, program):
    shown = webexhist("--help").stdout
    places = [shown.index(f"\n{group}:\n") for group in GROUPS]
    assert places == sorted(places)
    assert {command.rich_help_panel for command in program.commands.values()} <= set(GROUPS)


def test_every_command_shows_an_example_that_it_understands(program):
    for words, command in every_command(program):
        start = " ".join(("Example: webexhist", *words))
        example = command.help.rpartition("\n\n")[2]
        assert example.startswith(start), words
        arguments = shlex.split(example.removeprefix(start))
        command.make_context(words[-1], arguments[: arguments.index(">")] if ">" in arguments else arguments)


def test_every_group_shows_an_example_of_one_of_its_commands(program):
    called = {words for words, _ in every_command(program)}
    for words, group in everything(program):
        example = " ".join(shlex.split(group.help.rpartition("\n\n")[2]))
        start = " ".join(("Example: webexhist", *words))
        assert example.startswith(start), words
        runs_itself = getattr(group, "invoke_without_command", True)
        assert runs_itself or any(example.startswith(" ".join(("Example: webexhist", *each))) for each in called)


def test_values_to_choose_from_are_shown_as_they_are_typed(webexhist):
    assert "--kind ea|suite-ea|named|" in webexhist("contract", "set", "--help").stdout
    assert "--format csv|jsonl|parquet" in webexhist("export", "--help").stdout


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_the_help_shows_every_name_and_word_within_the_terminal_s_width(program, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    above = typer.Context(program, info_name="webexhist")
    for words, command in every_command(program):
        text = command.get_help(typer.Context(command, info_name=words[-1], parent=above))
        shown = " ".join(text.split())
        for parameter in command.params:
            assert " ".join((parameter.help or "").split()) in shown, (words, parameter.name)
            if parameter.param_type_name == "option" and not parameter.hidden:
                assert f" {parameter.opts[0]} " in shown, (words, parameter.name)
        example = [line for line in text.splitlines() if line.startswith(f"  webexhist {words[0]}")]
        longer = [line for line in text.splitlines() if len(line) >= columns and line not in example]
        assert (len(example), [line for line in longer if "://" not in line]) == (1, []), words


def test_the_help_names_kinds_and_no_bounds_of_numbers(webexhist):
    shown = webexhist("backfill", "messages", "-h").stdout
    assert "--days NUMBER    Days of events to count. [default: 89]\n" in shown


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("licenses --json", "licenses --json"),
        ("--json licenses", "licenses --json"),
        ("--config licenses --json licenses", "licenses --config licenses --json"),
        ("--config=a --database b contract set Sub1", "contract set Sub1 --config=a --database b"),
        ("--json history -- -odd", "history --json -- -odd"),
        ("--version licenses", "--version licenses"),
        ("--json --help licenses", "--json --help licenses"),
        ("histroy --json", "histroy --json"),
        ("--config a", "--config a"),
        ("", ""),
    ],
)
def test_options_may_stand_before_the_command(typed, understood):
    assert command_first(typed.split()) == understood.split()


@pytest.mark.parametrize(
    ("shell", "environment"),
    [
        ("bash", {"COMP_WORDS": "webexhist hi", "COMP_CWORD": "1"}),
        ("zsh", {"_TYPER_COMPLETE_ARGS": "webexhist hi"}),
        ("fish", {"_TYPER_COMPLETE_ARGS": "webexhist hi", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}),
    ],
)
def test_a_shell_learns_how_a_word_may_go_on(tmp_path, shell, environment):
    own = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "_WEBEXHIST_COMPLETE": f"complete_{shell}"}
    done = subprocess.run(
        [Path(sys.executable).with_name("webexhist")],
        env=own | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "history" in done.stdout
    assert "poll" not in done.stdout.replace("polled", "")


@pytest.mark.parametrize("handed_over", [{}, {"COMP_WORDS": "webexhist hi"}, {"COMP_WORDS": "x", "COMP_CWORD": "y"}])
def test_a_completion_without_the_words_of_the_shell_is_one_line(webexhist, monkeypatch, handed_over):
    for name, text in {"_WEBEXHIST_COMPLETE": "complete_bash", **handed_over}.items():
        monkeypatch.setenv(name, text)
    done = webexhist("licenses")
    assert (done.code, done.stdout) == (2, "")
    assert done.line.startswith("_WEBEXHIST_COMPLETE is set, but COMP_WORDS and COMP_CWORD are not, which bash sets")


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_bash_completes_with_the_script_that_the_program_shows(tmp_path):
    program = Path(sys.executable).with_name("webexhist")
    script = f"""
        PATH={shlex.quote(str(program.parent))}:$PATH
        source <(_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION=1 webexhist --show-completion bash)
        COMP_WORDS=(webexhist licenses --js) COMP_CWORD=2
        _webexhist_completion webexhist
        echo "${{COMPREPLY[@]}}"
    """
    own = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    done = subprocess.run(["bash", "-c", script], env=own, capture_output=True, text=True, timeout=120, check=False)
    assert (done.stdout, done.stderr) == ("--json\n", "")


@pytest.mark.parametrize(
    "command", ["licenses", "decisions", "seats", "organization list", "config show", "sql SELECT"]
)
@pytest.mark.parametrize("formats", [("--json", "--csv"), ("--csv", "--json")])
def test_two_formats_at_once_are_refused(run, command, formats):
    refused = run(*command.split(), *formats)
    assert (refused.code, refused.stdout) == (2, "")
    assert "--json and --csv are two forms of one table: ask for one of them" in refused.stderr
