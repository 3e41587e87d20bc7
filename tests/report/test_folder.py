"""A report takes the place of the one before as a whole, and nothing foreign is lost."""

import os
import random
import signal
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from histories import Poller, license_of
from reading import read

from webexhist.errors import UsageError
from webexhist.months import Month
from webexhist.report.folder import (
    MANIFEST,
    ReportError,
    TextFile,
    report_folder,
    require_report_or_nothing,
    swap_in_two_steps,
    write_folder,
)
from webexhist.report.layouts import SINGLE_FILE
from webexhist.report.writer import write_report
from webexhist.snapshot import Organization

NOW = datetime(2026, 11, 10, 20, tzinfo=UTC)
SUITE, CALLING = license_of("Webex Meetings Suite"), license_of("Webex Calling - Professional")


@pytest.fixture
def out(poller, tmp_path):
    """The report of September, which had two licenses; October has one."""
    poller.poll("2026-09-01 06:00", {SUITE: (10, 5), CALLING: (10, 5)})
    poller.poll("2026-10-01 06:00", {SUITE: (10, 5)})
    poller.poll("2026-10-02 06:00", {SUITE: (10, 5)})
    read(poller.engine, write_report, tmp_path / "out", month=Month(2026, 9), now=NOW)
    return tmp_path / "out"


def calling_pages(out):
    return list(out.rglob("license-webex-calling-*"))


def names_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def old_and_new(size):
    """Two reports of other files, so that a mix of them is seen."""
    return [TextFile(f"{number}.html", "old" * size) for number in range(20)], [
        TextFile(f"{number}.html", "new" * size) for number in range(10, 40)
    ]


def test_the_page_of_a_license_that_is_gone_goes_too(out, poller):
    assert len(calling_pages(out)) == 1
    read(poller.engine, write_report, out, month=Month(2026, 10), now=NOW)
    assert calling_pages(out) == []
    assert len(list(out.glob("license-*.html"))) == 1


def test_one_file_to_mail_lies_beside_the_pages_and_stays_when_they_change(out, poller):
    mailed = read(poller.engine, write_report, out, layout=SINGLE_FILE, month=Month(2026, 10), now=NOW).index
    assert len(calling_pages(out)) == 1
    before = mailed.read_bytes()
    read(poller.engine, write_report, out, month=Month(2026, 10), now=NOW)
    assert (calling_pages(out), mailed.read_bytes()) == ([], before)


def test_what_is_not_ours_stays(out, poller):
    mine = [out / "license-agreement.html", out / "notes.txt", out / "2026-09" / "license-old.html"]
    for file in mine:
        file.parent.mkdir(exist_ok=True)
        file.write_text("<title>mine</title>")
    (out / "0123abcd").mkdir()
    (out / "latest").symlink_to("index.html")
    (out / "nowhere").symlink_to("missing")
    read(poller.engine, write_report, out, month=Month(2026, 10), now=NOW)
    assert [file.read_text() for file in mine] == ["<title>mine</title>"] * 3
    assert (out / "0123abcd").is_dir()
    assert [os.readlink(out / name) for name in ("latest", "nowhere")] == ["index.html", "missing"]


def test_an_earlier_report_in_a_folder_within_stays(out, poller):
    read(poller.engine, write_report, out / "2026-09", month=Month(2026, 9), now=NOW)
    read(poller.engine, write_report, out, month=Month(2026, 10), now=NOW)
    assert calling_pages(out) == calling_pages(out / "2026-09") != []


def test_the_folder_of_an_organization_that_is_no_longer_polled_goes_too(out, poller):
    Poller(poller.engine, Organization("second", "Branch Example")).poll("2026-09-02 06:00", {SUITE: (20, 19)})
    read(poller.engine, write_report, out, month=Month(2026, 9), now=NOW)
    assert len([place for place in out.iterdir() if place.is_dir()]) == 2
    read(poller.engine, write_report, out, month=Month(2026, 10), now=NOW)
    assert [place for place in out.iterdir() if place.is_dir()] == []


def test_an_out_in_the_home_of_nobody_is_refused():
    with pytest.raises(UsageError, match="lies in the home of nobody known here"):
        report_folder("~nobody-of-that-name/report")


@pytest.mark.parametrize(
    ("mask", "folders", "files"), [(0o000, 0o775, 0o664), (0o022, 0o755, 0o644), (0o077, 0o700, 0o600)]
)
def test_nobody_else_can_change_a_report_whatever_the_umask(tmp_path, mask, folders, files):
    before = os.umask(mask)
    try:
        write_folder(tmp_path / "site", [TextFile("index.html", "x"), TextFile("acme/index.html", "y")])
    finally:
        os.umask(before)
    made = [tmp_path / "site", *(tmp_path / "site").rglob("*")]
    assert {path.stat().st_mode & 0o777 for path in made if path.is_dir()} == {folders}
    assert {path.stat().st_mode & 0o777 for path in made if path.is_file()} == {files}


@pytest.mark.parametrize("name", ["", " ", "\t"])
def test_an_empty_out_is_refused(name):
    with pytest.raises(UsageError, match="--out is empty: name a folder"):
        report_folder(name)


def test_a_folder_that_is_no_report_s_is_refused(tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    require_report_or_nothing(site)
    require_report_or_nothing(tmp_path / "missing")
    (site / "index.html").write_text("mine")
    with pytest.raises(ReportError, match=r"holds files that are no report: .*--force"):
        require_report_or_nothing(site)


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("in the way")
    for write in (require_report_or_nothing, lambda out: write_folder(out, [TextFile("index.html", "new")])):
        with pytest.raises(ReportError, match=r"cannot write the report to .*file \(Not a directory"):
            write(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "in the way"


def test_the_command_refuses_a_foreign_folder_and_takes_it_when_forced(webexhist, poller, tmp_path):
    poller.poll("2026-10-01 06:00", {SUITE: (10, 5)})
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("mine")
    (site / "style.css").write_text("mine")
    command = ("report", "--database", poller.engine.url.database)
    refused = webexhist(*command, "--out", site)
    assert (refused.code, names_in(site)) == (1, ["index.html", "style.css"])
    assert webexhist(*command, "--out", "").code == 2
    assert webexhist(*command, "--out", "", "--force").code == 2
    assert webexhist(*command, "--out", site, "--force").code == 0
    assert (site / "style.css").read_text() == "mine"
    assert "Webex Meetings Suite" in (site / "index.html").read_text()


def test_out_may_be_a_link_to_the_folder(out, poller, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(out)
    read(poller.engine, write_report, report_folder(str(link)), month=Month(2026, 10), now=NOW)
    assert link.is_symlink()
    assert calling_pages(out) == []


def test_the_folder_keeps_its_rights(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    out.chmod(0o2750)
    write_folder(out, [TextFile("index.html", "new")])
    assert stat.S_IMODE(out.stat().st_mode) == 0o2750


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_what_root_writes_belongs_to_the_owner_of_the_folder(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    os.chown(out, 1234, 1234)
    write_folder(out, [TextFile("index.html", "new"), TextFile("within/page.html", "new")])
    owners = {path.name: path.stat().st_uid for path in (out, *out.rglob("*"))}
    assert set(owners.values()) == {1234}, owners


def test_without_room_the_former_report_stays_whole(tmp_path):
    """A limit on the size of files fails as a full disk does: in the middle of a file."""
    script = """
import resource, signal, sys
from pathlib import Path
from webexhist.report.folder import ReportError, TextFile, write_folder
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))
try:
    write_folder(Path(sys.argv[1]), [TextFile("index.html", "new"), TextFile("b.html", "x" * 20_000)])
except ReportError as error:
    print(error)
"""
    out = tmp_path / "out"
    write_folder(out, [TextFile("index.html", "old")])
    done = subprocess.run(
        [sys.executable, "-c", script, out], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.startswith(f"cannot write the report to {out} (File too large")
    assert names_in(tmp_path) == ["out", f"out/{MANIFEST}", "out/index.html"]
    assert (out / "index.html").read_text() == "old"


KILLED = """
import sys
from pathlib import Path
from webexhist.report.folder import TextFile, write_folder
out, size = Path(sys.argv[1]), int(sys.argv[2])
files = [TextFile(f"{number}.html", "new" * size) for number in range(10, 40)]
print("ready", flush=True)
while True:
    write_folder(out, files)
"""


@pytest.mark.parametrize("rounds", [8, pytest.param(150, marks=pytest.mark.slow)])
def test_a_report_killed_at_any_moment_leaves_the_former_or_the_new_one(tmp_path, rounds):
    chance = random.Random(20_261_125)
    out, size = tmp_path / "out", 2_000
    old, new = old_and_new(size)
    for _ in range(rounds):
        write_folder(out, old)
        process = subprocess.Popen([sys.executable, "-c", KILLED, out, str(size)], stdout=subprocess.PIPE)
        process.stdout.readline()
        time.sleep(chance.uniform(0, 0.03))
        process.send_signal(signal.SIGKILL)
        process.wait(120)
        process.stdout.close()
        whole = next(files for files in (old, new) if (out / files[0].path).exists())
        assert {path.name: path.read_text() for path in out.glob("*.html")} == {
            file.path: file.text for file in whole
        }


def test_what_a_killed_report_left_is_removed_by_the_next(tmp_path):
    left = tmp_path / ".out.webexhist-0123456789abcdef"
    left.mkdir()
    (left / "index.html").write_text("half")
    os.utime(left, (1, 1))
    fresh = tmp_path / ".out.webexhist-fedcba9876543210"
    fresh.mkdir()
    others = [tmp_path / name for name in (".other.webexhist-0123456789abcdef", ".out.webexhist-notes")]
    for other in others:
        other.mkdir()
        os.utime(other, (1, 1))
    write_folder(tmp_path / "out", [TextFile("index.html", "new")])
    assert [left.exists(), fresh.exists(), *(other.exists() for other in others)] == [False, True, True, True]


def test_where_names_cannot_be_exchanged_two_steps_do_it_and_a_kill_between_them_loses_nothing(tmp_path):
    out, draft = tmp_path / "out", tmp_path / f".out.webexhist-{0:016}"
    for folder, text in ((out, "old"), (draft, "new")):
        folder.mkdir()
        (folder / "index.html").write_text(text)
    swap_in_two_steps(draft, out)
    assert (names_in(tmp_path), (out / "index.html").read_text()) == (["out", "out/index.html"], "new")

    out.rename(tmp_path / f"{draft.name}-former")  # as after the first of the two
    with pytest.raises(ReportError):
        write_folder(out, [TextFile("a" * 300, "too long a name")])
    assert (out / "index.html").read_text() == "new"
