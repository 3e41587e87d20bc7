"""An HTML file around pages: its style and script inside, and a policy that lets nothing else run."""

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from webexhist.report.html.environment import page_environment
from webexhist.resources import resource_folder

STYLE, SCRIPT = "report.css", "report.js"
PARTS_OF_STYLE = ("page", "tables", "charts", "narrow", "paper", "sheet")
"""In this order: of two rules for one thing the later one holds."""
SHARED_POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'none'"
"""Only the style and the script that lie in the report's folder, and nothing else."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a report: the article that a file is made around."""

    name: str
    """Plain ASCII: names the file, or the place in it."""
    title: str
    html: str


def document(title: str, pages: Sequence[Page], shared: str | None = None) -> str:
    """The text of a file that shows the pages one after the other.

    `shared` leads to the folder where style and script stand once for many files; None: they are in this one.
    """
    style, script = style_text(), script_text()
    return (
        page_environment()
        .get_template("document.html")
        .render(
            title=title,
            pages=pages,
            style=style,
            script=script,
            shared=shared,
            policy=content_security_policy(style, script) if shared is None else SHARED_POLICY,
        )
    )


@cache
def style_text() -> str:
    """The style of every page."""
    folder = resource_folder("reports") / "style"
    return "\n".join((folder / f"{part}.css").read_text("utf-8") for part in PARTS_OF_STYLE)


@cache
def script_text() -> str:
    """The script of every page."""
    return (resource_folder("reports") / SCRIPT).read_text("utf-8")


def content_security_policy(style: str, script: str) -> str:
    """Only this very style and script, and nothing from anywhere (W3C, Content Security Policy Level 3)."""
    return (
        f"default-src 'none'; style-src {hash_source(style)}; script-src {hash_source(script)};"
        " base-uri 'none'; form-action 'none'"
    )


def hash_source(text: str) -> str:
    """The text's hash, as a Content-Security-Policy names what may run."""
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
