"""Ways in which a database file is damaged: by a disk, a cable, or somebody else's program."""

import os
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

PAGE = 4096
Mutation = Callable[[random.Random, Path], None]


def flip_a_bit(chance: random.Random, file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    file.write_bytes(content)


def set_a_byte(chance: random.Random, file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[chance.randrange(len(content))] = chance.choice((0, 0xFF, chance.randrange(256)))
    file.write_bytes(content)


def overwrite_some_bytes(chance: random.Random, file: Path) -> None:
    content = bytearray(file.read_bytes())
    at = chance.randrange(len(content))
    garbage = chance.randbytes(chance.randrange(2, 200))[: len(content) - at]
    content[at : at + len(garbage)] = garbage
    file.write_bytes(content)


def overwrite_a_page(chance: random.Random, file: Path) -> None:
    content = bytearray(file.read_bytes())
    at = PAGE * chance.randrange(len(content) // PAGE)
    content[at : at + PAGE] = chance.choice((bytes(PAGE), b"\xff" * PAGE, chance.randbytes(PAGE)))
    file.write_bytes(content)


def swap_two_pages(chance: random.Random, file: Path) -> None:
    content = bytearray(file.read_bytes())
    one, two = (PAGE * chance.randrange(len(content) // PAGE) for _ in range(2))
    page = bytes(content[one : one + PAGE])
    content[one : one + PAGE] = content[two : two + PAGE]
    content[two : two + PAGE] = page
    file.write_bytes(content)


def cut_off(chance: random.Random, file: Path) -> None:
    os.truncate(file, chance.randrange(file.stat().st_size))


def change_a_cell(chance: random.Random, file: Path) -> None:
    """As another program would: the file stays whole, and one value is another."""
    with closing(sqlite3.connect(file)) as database, database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        table = chance.choice([name for name in tables if database.execute(f"SELECT 1 FROM {name}").fetchone()])
        columns = database.execute(f"PRAGMA table_info({table})").fetchall()
        keys = [column[1] for column in columns if column[5]] or ["rowid"]
        row = chance.choice(database.execute(f"SELECT {', '.join(keys)} FROM {table}").fetchall())
        where = " AND ".join(f"{key} IS ?" for key in keys)
        _, name, kind, *_ = chance.choice(columns)
        (value,) = database.execute(f"SELECT {name} FROM {table} WHERE {where}", row).fetchone()
        flipped = value ^ 1 << chance.randrange(40) if isinstance(value, int) else 1
        texts = ("", "x", "1970-01-01", "9999-12-31 23:59:59", f"{value}0", str(value)[1:])
        others = {"INTEGER": (None, flipped, -1, 0, 2**62), "REAL": (0.0, -1.5, 1e300)}
        other = chance.choice(others.get(kind, texts))
        try:
            database.execute(f"UPDATE {table} SET {name} = ? WHERE {where}", (other, *row))
        except sqlite3.IntegrityError:  # there is such a row, or it may not be missing: nothing is changed
            return


MUTATIONS: tuple[Mutation, ...] = (
    flip_a_bit,
    flip_a_bit,
    set_a_byte,
    overwrite_some_bytes,
    overwrite_a_page,
    swap_two_pages,
    cut_off,
    change_a_cell,
    change_a_cell,
    change_a_cell,
)
