"""Which room may import which: the house as a table, held against every import of the package.

An import inside a function, or for types alone, counts like any other.
"""

import ast
import re
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]

VALUES = {
    "webexhist",
    "shortages",
    "renaming",
    "errors",
    "remarks",
    "resources",
    "snapshot",
    "stored_snapshot",
    "metrics",
    "units",
    "money",
    "months",
    "moments",
    "paces",
    "request_rates",
    "time_zones",
    "texts",
    "utf8",
    "quantities",
    "changed_rows",
    "addresses",
    "redact",
    "said_by_others",
    "webex_ids",
    "organization_names",
    "successions",
    "products",
    "contract_kinds",
    "not_judged",
    "license_lists",
    "carried",
    "seats",
    "seat_counts",
    "seat_tally",
    "seat_exclusions",
}
"""What every room but the simulator may import: the version, typed errors, and the values that travel."""
BOTTOM = VALUES | {"files", "setting_values", "user_folders", "config_file", "config", "state"}
STORE = {
    "store",
    "store/seals",
    "store/opening",
    "store/names",
    "store/entered",
    "store/rows",
    "store/saving",
    "store/mending",
    "store/carrying",
}
WEBEX = {"webex/api", "webex/auth", "webex/collectors", "webex"}
REVIEW = {"review/forecast", "review/judgment", "review"}
REPORT = {"report/html", "report/charts", "report/pages", "report"}
STORIES = {
    "poll",
    "backfill",
    "importing",
    "stored",
    "reviewing",
    "planning",
    "outlooks",
    "digesting",
    "first_polls",
    "seating",
}

MAY_IMPORT = {
    "webexhist": set(),
    "shortages": set(),
    "renaming": set(),
    "errors": {"redact", "shortages", "texts"},
    "remarks": {"errors"},
    "resources": set(),
    "paces": set(),
    "moments": set(),
    "addresses": set(),
    "redact": set(),
    "said_by_others": {"redact"},
    "metrics": set(),
    "texts": set(),
    "utf8": set(),
    "quantities": set(),
    "changed_rows": {"quantities"},
    "units": set(),
    "webex_ids": set(),
    "request_rates": set(),
    "organization_names": {"texts", "webex_ids"},
    "products": {"contract_kinds", "texts"},
    "seats": {"texts"},
    "contract_kinds": set(),
    "not_judged": {"contract_kinds", "products", "seats", "snapshot", "units"},
    "successions": {"products", "texts"},
    "license_lists": {"snapshot", "units"},
    "carried": {"errors", "seat_counts", "snapshot"},
    "seat_counts": {"units"},
    "seat_tally": {"seat_counts", "texts", "units"},
    "seat_exclusions": {"texts"},
    "snapshot": {"metrics", "seat_counts", "units"},
    "stored_snapshot": {"metrics", "not_judged", "seat_counts", "snapshot", "units"},
    "months": {"errors"},
    "time_zones": {"errors", "months"},
    "money": {"errors"},
    "user_folders": {"errors"},
    "interpreters": {"errors", "user_folders"},
    "setting_values": {"addresses", "redact", "seat_counts"},
    "files": set(),
    "config_file": {"errors", "files", "setting_values", "user_folders"},
    "setting_rows": set(),
    "config": VALUES | {"setting_rows", "setting_values", "user_folders", "config_file"},
    "state": VALUES | {"config", "files"},
    # From the API to a snapshot. Nothing here knows a database.
    "webex/api": VALUES | {"config"},
    "webex/auth": BOTTOM | {"webex/api"},
    "webex/collectors": VALUES | {"config", "webex/api", "webex/auth"},
    "webex": VALUES | {"config", "webex/api", "webex/auth", "webex/collectors"},
    # Asks a real organization what no document says; polls know nothing of it.
    "webex/probe": BOTTOM | {"webex/api", "webex/auth"},
    # The only room that speaks SQL. Nothing here knows Webex.
    "store": BOTTOM,
    "store/seals": BOTTOM | {"store"},
    "store/opening": BOTTOM | {"store", "store/seals"},
    "store/names": BOTTOM | {"store", "store/opening"},
    "store/entered": BOTTOM | {"store", "store/seals", "store/opening", "store/names"},
    "store/rows": BOTTOM | {"store", "store/seals", "store/opening", "store/names", "store/entered"},
    "store/saving": BOTTOM | {"store", "store/seals", "store/opening", "store/rows"},
    "store/mending": BOTTOM | (STORE - {"store/mending", "store/entered", "store/carrying"}),
    "store/carrying": BOTTOM | (STORE - {"store/carrying", "store/mending", "store/entered"}),
    # Figures out of the store's rows.
    "review/forecast": VALUES,
    "review/judgment": STORE | VALUES | {"review/forecast"},
    "review": STORE | VALUES | {"review/forecast", "review/judgment"},
    # What is made of them.
    "export": VALUES | REVIEW | STORE,
    "report/html": VALUES | REVIEW | STORE,
    "report/charts": VALUES | STORE | REVIEW | {"report/html"},
    "report/pages": VALUES | STORE | REVIEW | {"report/html", "report/charts"},
    "reviewing": VALUES | REVIEW | STORE,
    "planning": VALUES | REVIEW | STORE | {"reviewing"},
    "digesting": VALUES | REVIEW | STORE | {"state", "reviewing", "delivery"},
    "outlooks": VALUES | REVIEW | STORE | {"reviewing"},
    "report": VALUES
    | STORE
    | REVIEW
    | {"files", "reviewing", "export", "report/html", "report/charts", "report/pages"},
    "own_process": set(),
    "delivery": VALUES | {"own_process"},
    "agent": BOTTOM | REVIEW | STORE,
    "timer": BOTTOM | {"interpreters"},
    "first_polls": BOTTOM | STORE | {"poll", "outlooks"},
    "storing": BOTTOM | WEBEX | STORE,
    "poll": BOTTOM | WEBEX | {"storing"},
    "importing": BOTTOM | WEBEX | STORE,
    "backfill": BOTTOM | WEBEX | STORE,
    "stored": BOTTOM | WEBEX | STORE,
    "freed_seats": BOTTOM | WEBEX | REVIEW,
    "seating": BOTTOM | WEBEX | STORE | REVIEW | {"reviewing", "freed_seats"},
    "status": BOTTOM | WEBEX | STORE | REVIEW | {"agent", "reviewing"},
    # A Webex service for tests and demonstrations, and a story for it.
    "simulator/world": set(),
    "simulator/faults": set(),
    "simulator/http": {"simulator/world", "simulator/faults"},
    "simulator/auth": {"simulator/world", "simulator/http"},
    "simulator/endpoints": {"simulator/world", "simulator/faults", "simulator/http", "simulator/auth"},
    "simulator": {
        "simulator/world",
        "simulator/faults",
        "simulator/http",
        "simulator/auth",
        "simulator/endpoints",
    },
    "demo": VALUES
    | STORE
    | {"config", "files", "poll", "webex/api", "simulator", "simulator/world", "simulator/faults"},
    # On top. Nothing imports the command line.
    "cli": BOTTOM
    | WEBEX
    | REVIEW
    | REPORT
    | STORE
    | STORIES
    | {"webex/probe", "export", "delivery", "agent", "timer", "status", "demo", "freed_seats", "interpreters"}
    | {"own_process"},
    "__main__": {"cli"},
}
"""Each room, from the bottom up, and the rooms it may import beside itself."""

HANDS_AN_ENGINE_ON = {"storing", "poll", "backfill", "outlooks", "digesting", "demo"}
"""These open the database and give it to the store's functions; they name its type and run nothing on it."""

NOT_YET: dict[tuple[str, str], str] = {}
"""What does not hold yet, and why. An entry that holds by now fails a test: delete it."""


class Import(NamedTuple):
    """One module, what it imports, and the name that it takes from there."""

    importer: str
    imported: str
    name: str = ""


def modules_of(folder: Path) -> dict[str, ast.Module]:
    """The modules under a folder by their dotted names, parsed."""
    modules = {}
    for file in sorted(folder.rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        modules[name] = ast.parse(file.read_text(encoding="utf-8"))
    return modules


def imports_of(modules: dict[str, ast.Module]) -> list[Import]:
    """Every import of the modules, wherever in them it stands."""
    found = []
    for importer, tree in modules.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found += [Import(importer, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0 and node.module, f"{importer} imports relatively"
                for alias in node.names:
                    within = f"{node.module}.{alias.name}"
                    found.append(
                        Import(importer, within) if within in modules else Import(importer, node.module, alias.name)
                    )
    return found


def room_of(module: str) -> str:
    """The room a module of the package belongs to: the nearest folder around it that is one, or the file itself."""
    parts = module.split(".")[1:]
    if not parts:
        return "webexhist"
    for length in range(len(parts), 0, -1):
        room = "/".join(parts[:length])
        if room in MAY_IMPORT:
            return room
    raise AssertionError(f"{module} belongs to no room: add its room to MAY_IMPORT, where it belongs in the house")


MODULES = modules_of(ROOT / "webexhist")
IMPORTS = imports_of(MODULES)
INSIDE = [one for one in IMPORTS if one.imported.split(".")[0] == "webexhist"]


def circle_in(graph: dict[str, set[str]]) -> list[str]:
    """A circle in a graph, empty where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@cache
def broken_rules() -> dict[tuple[str, str], list[str]]:
    """The imports that a rule forbids, by the room that imports and by what it may not."""
    broken: dict[tuple[str, str], list[str]] = {}
    for one in IMPORTS:
        room = room_of(one.importer)
        forbidden = ""
        if one.imported.split(".")[0] == "webexhist":
            target = room_of(one.imported)
            if target != room and target not in MAY_IMPORT[room]:
                forbidden = target
            elif target in STORE and room in REVIEW and not one.name[:1].isupper():
                forbidden = "functions of store"
        elif one.imported.split(".")[0] == "sqlalchemy" and room not in STORE:
            forbidden = "" if room in HANDS_AN_ENGINE_ON and one.name == "Engine" else "sqlalchemy"
        if forbidden:
            broken.setdefault((room, forbidden), []).append(f"{one.importer} imports {one.imported} {one.name}")
    return broken


def test_every_room_imports_only_what_lies_below_it():
    broken = {rule: imports for rule, imports in broken_rules().items() if rule not in NOT_YET}
    assert not broken


def test_an_exception_that_is_needed_no_longer_is_deleted():
    assert set(NOT_YET) - set(broken_rules()) == set()


def test_the_table_itself_has_no_circle():
    assert circle_in(MAY_IMPORT) == []


def test_no_files_import_each_other_in_a_circle():
    graph: dict[str, set[str]] = {}
    for one in INSIDE:
        graph.setdefault(one.importer, set()).add(one.imported)
    assert circle_in(graph) == []


def test_the_page_of_the_architecture_has_every_room_and_none_that_is_gone():
    rows = re.findall(r"^\| (`[^|]*) \|(.*)$", (ROOT / "docs" / "architecture.md").read_text("utf-8"), re.MULTILINE)
    rooms = {room: rest for first, rest in rows for room in re.findall(r"`([\w/]+?)(?:/|\.py)`", first)}
    inner = {f"{room}/{folder}" for room, rest in rooms.items() for folder in re.findall(r"`(\w+)/`", rest)}
    package = ROOT / "webexhist"
    files = [file.relative_to(package) for file in package.rglob("*.py")]
    there = {file.stem for file in files if len(file.parts) == 1} - {"__init__", "__main__"}
    folders = {str(file.parent) for file in files if len(file.parts) > 1}
    there |= {folder for folder in folders if not folder.startswith("cli/commands/")}
    assert there - rooms.keys() - inner == set()
    # Other rows of the page are no rooms: those of the glossary have no name of a file.
    assert rooms.keys() - there == set()


def test_webex_and_the_store_know_nothing_of_each_other():
    assert not any(WEBEX & MAY_IMPORT[room] for room in STORE)
    assert not any(STORE & MAY_IMPORT[room] for room in WEBEX)


def test_nothing_imports_the_command_line():
    assert [room for room, allowed in MAY_IMPORT.items() if "cli" in allowed] == ["__main__"]


def test_the_simulator_needs_only_the_standard_library():
    own = [one for one in IMPORTS if one.importer.startswith("webexhist.simulator")]
    assert own
    foreign = {one.imported for one in own if not one.imported.startswith("webexhist.simulator")}
    assert {name for name in foreign if name.split(".")[0] not in sys.stdlib_module_names} == set()


def test_the_simulators_tests_know_nothing_else_of_the_package():
    imports = imports_of(modules_of(ROOT / "tests" / "simulator"))
    used = {one.imported for one in imports if one.imported.split(".")[0] == "webexhist"}
    assert {name for name in used if not name.startswith("webexhist.simulator")} == set()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "def f():\n    from webexhist.errors import WebexhistError",
            Import("m", "webexhist.errors", "WebexhistError"),
        ),
        ("from webexhist import errors", Import("m", "webexhist.errors")),
        ("if TYPE_CHECKING:\n    import webexhist.errors", Import("m", "webexhist.errors")),
    ],
)
def test_an_import_is_seen_wherever_it_stands(source, expected):
    assert imports_of(MODULES | {"m": ast.parse(source)})[-1] == expected


def test_every_command_says_which_settings_stay_without_effect():
    """By cli/settings.py, which prints what was passed over."""
    silent = [one for one in INSIDE if one.imported == "webexhist.config" and one.name == "load_settings"]
    assert [one.importer for one in silent if one.importer.startswith("webexhist.cli.commands")] == []
