"""`webexhist probe`: what a real organization answers, without anything of anybody."""

import json
from pathlib import Path
from typing import Annotated

import typer

from webexhist.cli import clock
from webexhist.cli.app import OPERATE, ConfigOption, app
from webexhist.cli.asking import is_confirmed
from webexhist.cli.output import print_file, print_line
from webexhist.cli.settings import load_settings
from webexhist.errors import WebexhistError
from webexhist.user_folders import named_path


class ProbeError(WebexhistError):
    """The file cannot be written."""


@app.command(rich_help_panel=OPERATE)
def probe(
    out: Annotated[Path, typer.Option(metavar="FILE", help="The file to write, which must not be there yet.")] = Path(
        "probe.json"
    ),
    yes: Annotated[bool, typer.Option("--yes", help="Ask Webex and write the file without being asked.")] = False,
    config: ConfigOption = None,
) -> None:
    """Ask your organization once what no document says, and write a file that can be sent to the developers.

    It prints all requests first, asks them one after the other, and shows the file before it is written: shapes,
    counts and kinds of values, without names, ids, addresses or tokens. It only reads, and renews no token.

    Example: webexhist probe --out probe.json
    """
    from webexhist.state.private_files import write_new
    from webexhist.webex.probe.ask import probe as ask
    from webexhist.webex.probe.questions import QUESTIONS

    file = named_path(out).absolute()
    if file.exists():
        raise ProbeError(f"{file} is there already", "choose another file with --out")
    settings = load_settings({}, config)
    print_line(f"These {len(QUESTIONS)} requests will be sent to {settings.base_url}, each once:")
    for question in QUESTIONS:
        print_line(f"  {question.request}")
    require(yes, "Ask them now?")
    text = json.dumps(ask(settings, clock.now).as_json(), indent=1) + "\n"
    print_file(text)
    require(yes, f"Write this into {file}?")
    try:
        write_new(file, text.encode())
    except OSError as error:
        raise ProbeError(f"cannot write {file} ({error.strerror})", "choose another file with --out") from error
    print_line(f"Written: {file}. docs/probe.md says where to send it.")


def require(yes: bool, question: str) -> None:
    """Ends the command where the person does not agree."""
    if not yes and not is_confirmed(question):
        raise ProbeError("nothing was written", "run it again with --yes, or answer y")
