"""A database in which bits, bytes or pages were changed, or that was cut: read, or named in one line."""

import random
from pathlib import Path

import pytest
from histories import AFTER_THE_YEAR
from searching import examples

from webexhist.texts import shown

PAGE = 4096
READERS = (
    ("licenses",),
    ("check",),
    ("history", "people"),
    ("history", "Webex Room Kit"),
    ("report", "--force", "--out", "report"),
    ("status", "--json"),
    ("poll", "--stored", "--max-age", "31536000"),
    ("note", "list"),
    ("contract", "list"),
    ("db", "check"),
    ("db", "void", "--list"),
)


@pytest.fixture(scope="module")
def sound(year, tmp_path_factory) -> bytes:
    """The bytes of a year's history."""
    with year.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(year.url.database).read_bytes()


def random_page(content: bytearray, chance: random.Random, place: int) -> None:
    content[place : place + PAGE] = chance.randbytes(PAGE)


def page_of_ones(content: bytearray, _chance: random.Random, place: int) -> None:
    content[place : place + PAGE] = b"\xff" * PAGE


def page_of_zeros(content: bytearray, _chance: random.Random, place: int) -> None:
    content[place : place + PAGE] = bytes(PAGE)


def other_page(content: bytearray, chance: random.Random, place: int) -> None:
    other = chance.randrange(len(content) // PAGE) * PAGE
    content[place : place + PAGE] = content[other : other + PAGE]


def bytes_within(content: bytearray, chance: random.Random, place: int) -> None:
    for _ in range(chance.choice((1, 3, 20))):
        content[place + chance.randrange(PAGE)] = chance.randrange(256)


def bits_anywhere(content: bytearray, chance: random.Random, _place: int) -> None:
    for _ in range(chance.choice((1, 3, 20))):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def cut(content: bytearray, chance: random.Random, place: int) -> None:
    del content[place + chance.randrange(PAGE) :]


MUTATIONS = (random_page, page_of_ones, page_of_zeros, other_page, bytes_within, bits_anywhere, cut)


@pytest.mark.search
@pytest.mark.timeout(3600)
def test_whatever_is_damaged_every_reader_ends_in_one_line(webexhist, sound, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    webexhist.go_by(lambda: AFTER_THE_YEAR)
    pages = len(sound) // PAGE
    rounds = examples(6, 700)
    for number in range(rounds):
        chance = random.Random(number)
        content = bytearray(sound)
        mutation = MUTATIONS[number % len(MUTATIONS)]
        mutation(content, chance, number * pages // rounds * PAGE)
        file = tmp_path / "damaged.db"
        for left in tmp_path.glob("damaged.db*"):
            left.unlink()
        file.write_bytes(content)
        # All of them on the pages that hold the tables of all; elsewhere one after the other.
        for words in READERS if number % 35 == 0 else (READERS[number % len(READERS)],):
            done = webexhist(*words, "--database", file)
            case = f"{mutation.__name__} {number}: {words}: {done}"
            assert done.code in ((0, 1, 2, 3) if words[0] == "check" else (0, 1, 2)), case
            assert done.stderr.count("\n") <= (1 if done.code else 3), (
                f"one reason, or a warning of each kind: {case}"
            )
            assert shown(done.stderr) == done.stderr, case
            if done.code == 1 and not done.stdout:
                assert str(file) in done.stderr or "holds no" in done.stderr or "no snapshot" in done.stderr, case
            assert file.read_bytes() == content, f"a reader changed it: {case}"
