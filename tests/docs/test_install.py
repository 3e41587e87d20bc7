"""docs/install.md says what the program says."""

import re
from pathlib import Path

import webexhist

PACKAGE = Path(webexhist.__file__).parent
DOCS = Path(__file__).parents[2] / "docs"


def test_every_message_that_it_explains_is_one_of_the_program():
    sources = [path.read_text() for pattern in ("*.py", "*.template") for path in PACKAGE.rglob(pattern)]
    program = re.sub(r'"\s*\n\s*f?"', "", "\n".join(sources))  # texts that are written over several lines
    text = (DOCS / "install.md").read_text()
    rows = re.findall(
        r"^\| (.+?) \| .+ \|$", text.partition("| what is said |")[2].partition("\n\n")[0], re.MULTILINE
    )
    fragments = [fragment.strip() for row in rows for fragment in re.split("…|;", row) if fragment.strip(" -|")]
    assert len(fragments) > 25
    assert [fragment for fragment in fragments if fragment not in program] == []
