"""Files in folders that others may write: nothing planted is followed, written into, read or given away."""

import os
import stat
import threading
import time
from pathlib import Path

import pytest
from killed import killed_at_every_line
from planted import NOBODY, PLANTS, Target, give_to_nobody, needs_root, owned_by_nobody, owners

from webexhist.agent.install import HALF_DONE
from webexhist.state import private_files
from webexhist.state.last_run import POLL, last_run, note_run
from webexhist.state.private_files import (
    BESIDE_A_DATABASE,
    DRAFT,
    clear_abandoned_drafts,
    draft_of,
    locked,
    make_folder,
    nameless_draft_of,
    opened_to_append,
    write_new,
    write_private,
)
from webexhist.state.trusted_files import UntrustedFileError, opened_folder, read_trusted, require_unplanted


@pytest.fixture
def target(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    return Target(tmp_path / "elsewhere")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "state").mkdir()
    return tmp_path / "state"


@pytest.mark.parametrize("plant", PLANTS.values(), ids=PLANTS)
def test_what_lies_in_a_files_place_is_replaced_and_never_written_through(folder, target, plant):
    plant(folder / "file", target.file)
    write_private(folder / "file", b"new")
    assert (folder / "file").lstat().st_mode == stat.S_IFREG | 0o600
    assert (folder / "file").read_bytes() == b"new"
    assert os.listdir(folder) == ["file"]
    target.require_untouched()


def test_what_a_database_kept_beside_itself_goes_with_a_draft_that_took_no_place(folder):
    with pytest.raises(InterruptedError), draft_of(folder / "file") as draft:
        for end in BESIDE_A_DATABASE:
            (folder / f"{draft.name}{end}").write_bytes(b"log")
        raise InterruptedError
    assert os.listdir(folder) == []


@pytest.mark.parametrize("plant", PLANTS.values(), ids=PLANTS)
def test_a_draft_without_a_name_replaces_what_lies_in_its_place_and_is_never_written_through(folder, target, plant):
    plant(folder / "file", target.file)
    with nameless_draft_of(folder / "file") as draft:
        draft.file.write(b"new")
        assert os.listdir(folder) == ["file"]
        draft.take_place()
    assert (folder / "file").lstat().st_mode == stat.S_IFREG | 0o600
    assert (folder / "file").read_bytes() == b"new"
    assert os.listdir(folder) == ["file"]
    target.require_untouched()


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(None, id="a new file", marks=pytest.mark.slow),
        pytest.param(b"as it was", id="in the place of another"),
    ],
)
def test_a_draft_without_a_name_that_is_killed_at_any_line_leaves_nothing_that_is_half(folder, before):
    def write() -> None:
        with nameless_draft_of(folder / "file") as draft:
            draft.file.write(b"Ana Lopez\n" * 10_000)
            draft.take_place()

    if before is not None:
        (folder / "file").write_bytes(before)
    found = set()
    for _killed in killed_at_every_line(write, [private_files]):
        content = {path.name: path.read_bytes() for path in folder.iterdir()}
        named = content.pop("file", None)
        assert named in (before, b"Ana Lopez\n" * 10_000)
        found.add((named == before, len(content)))
        for path in folder.iterdir():
            path.unlink()
        if before is not None:
            (folder / "file").write_bytes(before)
    # Only between two steps of a replacement it has another name.
    assert found <= {(True, 0), (False, 0)} | ({(True, 1)} if before is not None else set())


def test_where_there_are_no_files_without_a_name_a_draft_has_one(monkeypatch, folder):
    monkeypatch.setattr(os, "O_TMPFILE", os.O_DIRECTORY)  # as a kernel that does not know it understands it
    with nameless_draft_of(folder / "file") as draft:
        draft.file.write(b"new")
        assert len(os.listdir(folder)) == 1
        draft.take_place()
    assert (folder / "file").read_bytes() == b"new"
    assert os.listdir(folder) == ["file"]


@pytest.mark.parametrize("plant", PLANTS.values(), ids=PLANTS)
def test_what_is_no_file_of_ours_alone_is_not_added_to(folder, target, plant):
    plant(folder / "file", target.file)
    with pytest.raises(UntrustedFileError):
        opened_to_append(folder / "file")
    target.require_untouched()


@pytest.mark.parametrize("plant", PLANTS.values(), ids=PLANTS)
def test_a_new_file_takes_the_place_of_nothing(folder, target, plant):
    plant(folder / "file", target.file)
    with pytest.raises(FileExistsError):
        write_new(folder / "file", b"new")
    assert os.listdir(folder) == ["file"]
    target.require_untouched()


@pytest.mark.parametrize("plant", ["link", "dangling link", "pipe"])
def test_what_is_no_file_is_not_read_nor_waited_for(folder, target, plant):
    PLANTS[plant](folder / "file", target.file)
    with pytest.raises(UntrustedFileError):
        read_trusted(folder / "file", 100)


def test_a_file_with_another_name_is_read_only_where_nobody_else_could_have_made_it(folder, target):
    os.link(target.file, folder / "file")
    folder.chmod(0o755)
    assert read_trusted(folder / "file", 100) == b"untouched"
    folder.chmod(0o1777)
    with pytest.raises(UntrustedFileError, match="other names"):
        read_trusted(folder / "file", 100)


def test_a_file_that_is_too_large_is_not_read(folder):
    (folder / "file").write_bytes(b"x" * 101)
    with pytest.raises(UntrustedFileError, match="more than 100 bytes"):
        read_trusted(folder / "file", 100)


@pytest.mark.parametrize("mask", [0o000, 0o077, 0o777])
def test_rights_are_the_same_whatever_the_umask(folder, mask):
    before = os.umask(mask)
    try:
        make_folder(folder / "a" / "b", 0o755)
        write_private(folder / "a" / "file", b"", mode=0o640)
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")}
    assert modes == {"a": 0o755, "b": 0o755, "file": 0o640}


def test_a_draft_that_cannot_take_its_place_is_gone(folder):
    (folder / "file").mkdir()
    with pytest.raises(IsADirectoryError):
        write_private(folder / "file", b"new")
    assert os.listdir(folder) == ["file"]


def test_drafts_that_nobody_wrote_for_a_day_are_removed_and_nothing_else(folder, target):
    old = time.time() - 25 * 3600
    names = [f".webexhist-{'0' * 15}{number}" for number in range(3)]
    others = [".webexhist-installing", ".webexhist-0", "webexhist.db", ".tokens-0123456789abcdef"]
    for name in (*names, f"{names[0]}-wal", *others):
        (folder / name).write_text("x")
        os.utime(folder / name, (old, old) if name != names[1] else None)
    (folder / names[2]).unlink()
    (folder / names[2]).symlink_to(target.file)
    os.utime(folder / names[2], (old, old), follow_symlinks=False)
    clear_abandoned_drafts(folder)
    assert sorted(os.listdir(folder)) == sorted([names[1], *others])
    target.require_untouched()
    clear_abandoned_drafts(folder / "nowhere")


@pytest.mark.parametrize("prefix", [DRAFT, pytest.param(HALF_DONE, marks=pytest.mark.slow)])
def test_what_a_killed_writer_left_goes_with_a_later_file_of_any_name(folder, prefix):
    def write() -> None:
        write_private(folder / "file", b"new", prefix=prefix)

    (folder / "file").write_bytes(b"as it was")
    left = 0
    for _killed in killed_at_every_line(
        lambda: write_private(folder / "file", b"new", prefix=prefix), [private_files]
    ):
        for path in set(folder.iterdir()) - {folder / "file"}:
            left += 1
            os.utime(path, (time.time() - 25 * 3600,) * 2)
        write_private(folder / "other", b"x")
        (folder / "other").unlink()
        assert os.listdir(folder) == ["file"]
        (folder / "file").write_bytes(b"as it was")
    assert left


def test_of_two_who_lock_one_waits(folder):
    with locked(folder / "lock", 0), pytest.raises(TimeoutError), locked(folder / "lock", 0.1):
        pass
    order = []

    def wait() -> None:
        with locked(folder / "lock", 10):
            order.append("second")

    waiting = threading.Thread(target=wait)
    with locked(folder / "lock", 0):
        waiting.start()
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]


@pytest.mark.parametrize("plant", PLANTS.values(), ids=PLANTS)
def test_a_lock_is_not_taken_on_what_somebody_planted(folder, target, plant):
    folder.chmod(0o1777)
    plant(folder / "lock", target.file)
    with pytest.raises(UntrustedFileError), locked(folder / "lock", 0):
        pass
    target.require_untouched()


@pytest.mark.parametrize("plant", ["link", "dangling link", "pipe"])
def test_a_run_is_noted_in_the_place_of_what_was_planted(folder, target, plant):
    PLANTS[plant](folder / POLL, target.file)
    assert last_run(folder, POLL) is None
    note_run(folder, POLL, None)
    assert last_run(folder, POLL).problem == ""
    target.require_untouched()


def test_a_link_to_nothing_makes_no_database_there(folder, target):
    PLANTS["dangling link"](folder / "db", target.file)
    with pytest.raises(UntrustedFileError, match="a link to nothing"):
        require_unplanted(folder / "db")
    (folder / "own").symlink_to(target.file)
    require_unplanted(folder / "own")


@needs_root
def test_what_root_makes_belongs_to_the_owner_of_the_folder(tmp_path):
    folder = owned_by_nobody(tmp_path / "state")
    write_private(folder / "replaced", b"")
    write_new(folder / "new", b"")
    opened_to_append(folder / "log").close()
    with locked(folder / "lock", 0):
        pass
    make_folder(folder / "one" / "two", 0o700)
    assert owners(folder) == dict.fromkeys(["replaced", "new", "log", "lock", "one"], NOBODY)
    assert owners(folder / "one") == {"two": NOBODY}


@needs_root
def test_root_gives_a_new_file_to_whom_it_is_meant_for(tmp_path):
    model = owned_by_nobody(tmp_path / "plugins")
    write_new(tmp_path / "file", b"", owned_as=model)
    assert (tmp_path / "file").stat().st_uid == NOBODY
    assert tmp_path.stat().st_uid == 0


@needs_root
@pytest.mark.parametrize("plant", ["link", "dangling link", "other name"])
def test_root_follows_nothing_that_the_folders_owner_planted(tmp_path, target, plant):
    folder = owned_by_nobody(tmp_path / "state")
    PLANTS[plant](folder / "file", target.file)
    if plant != "other name":
        give_to_nobody(folder / "file")
    for refused in (opened_to_append, require_unplanted, lambda path: read_trusted(path, 100)):
        with pytest.raises(UntrustedFileError):
            refused(folder / "file")
    write_private(folder / "file", b"new")
    assert owners(folder) == {"file": NOBODY}
    target.require_untouched()


@needs_root
def test_root_adds_nothing_to_its_own_file_that_was_moved_into_anothers_folder(tmp_path):
    folder = owned_by_nobody(tmp_path / "state")
    (folder / "file").write_text("root's")
    with pytest.raises(UntrustedFileError, match="somebody else's file"):
        opened_to_append(folder / "file")
    assert owners(folder) == {"file": 0}


@needs_root
def test_root_enters_no_folder_by_a_link_that_somebody_else_made(tmp_path, target):
    home = owned_by_nobody(tmp_path / "home")
    (home / "state").symlink_to(target.file.parent)
    with opened_folder(home / "state"):
        pass
    give_to_nobody(home / "state")
    for refused in (
        lambda: write_private(home / "state" / "file", b""),
        lambda: make_folder(home / "state" / "new", 0o700),
        lambda: read_trusted(home / "state" / "innocent", 100),
    ):
        with pytest.raises(UntrustedFileError, match="somebody else's link"):
            refused()
    target.require_untouched()


@needs_root
def test_a_user_reads_nothing_that_another_one_put_into_a_shared_folder(folder):
    folder.chmod(0o1777)
    (folder / "file").write_text("planted")
    give_to_nobody(folder / "file")
    with pytest.raises(UntrustedFileError, match="somebody else's file"):
        read_trusted(folder / "file", 100)


def test_a_folder_that_is_no_folder_is_reported(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        make_folder(tmp_path / "file" / "state", 0o700)
    with pytest.raises(OSError, match=r"Permission denied|No such file"):
        make_folder(Path("/proc/1/none/state"), 0o700)


def test_a_folder_whose_making_was_killed_has_the_rights_that_it_was_to_have(tmp_path):
    folder, seen = tmp_path / "plugin", set()
    for _ in killed_at_every_line(lambda: private_files.make_folder(folder, 0o755), [private_files]):
        if folder.exists():
            seen.add(folder.stat().st_mode & 0o777)
            folder.rmdir()
    assert seen == {0o755}


@pytest.mark.parametrize("draft", [draft_of, nameless_draft_of])
def test_a_name_that_cannot_be_removed_spoils_nothing(folder, draft):
    user = os.geteuid()
    try:
        with draft(folder / "file") as opened:
            opened.file.write(b"whole")
            opened.take_free_place()
            folder.chmod(0o500)
            os.seteuid(user or NOBODY)
    finally:
        os.seteuid(user)
        folder.chmod(0o700)
    assert (folder / "file").read_bytes() == b"whole"
