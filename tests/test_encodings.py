"""Python loads most encodings when they are first used, and calls unknown what it cannot load: no file can be opened.

What the program writes and reads is encoded by what is there already, or imported where it says so itself.
"""

import ast
import codecs
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "webexhist"
BUILT_IN = {"utf-8", "utf-16", "utf-32", "ascii", "latin-1"}


def is_late(text: str) -> bool:
    """Whether a text names an encoding that is loaded when it is first used."""
    try:
        codecs.lookup(text)
    except (LookupError, ValueError):
        return False
    return text not in BUILT_IN


def late_encodings(tree: ast.Module) -> set[str]:
    """The encodings that a module names but does not import, of those that are files of Python's."""
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    late = set()
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        is_coding = isinstance(call.func, ast.Attribute) and call.func.attr in ("encode", "decode")
        named = [each.value for each in call.keywords if each.arg == "encoding"]
        named += call.args[:1] if is_coding else []
        constants = [node.value for one in named for node in ast.walk(one) if isinstance(node, ast.Constant)]
        late |= {text for text in constants if isinstance(text, str) and is_late(text)}
    return {text for text in late if f"encodings.{text.replace('-', '_')}" not in imported}


def test_no_encoding_is_looked_up_where_its_file_may_be_out_of_reach():
    files = [file for file in PACKAGE.rglob("*.py") if "simulator" not in file.parts]
    found = {file.name: late for file in files if (late := late_encodings(ast.parse(file.read_text("utf-8"))))}
    assert found == {}


@pytest.mark.parametrize(
    ("source", "late"),
    [
        ('text.encode("utf-8-sig")', {"utf-8-sig"}),
        ('open(file, encoding="cp1252")', {"cp1252"}),
        ('text.encode("utf-8" if plain else "idna")', {"idna"}),
        ('import encodings.idna\ntext.encode("idna")', set()),
        ('text.encode()\ntext.encode("utf-16", "replace")', set()),
    ],
)
def test_such_an_encoding_is_seen(source, late):
    assert late_encodings(ast.parse(source)) == late
