"""Customers of one database, each a case: brought in by `import`, entered by commands, its subscriptions its own.

typed = database(sqlite_template, folder, {"over": Case([calling(100, 110)], *named())})
decided(typed, cases)["over"]        # what `decisions` says of October 2026

Unless a case says something else it is polled every other day up to the last evening of October 2026.
"""

import json
import shutil
from datetime import UTC, datetime, timedelta
from uuid import UUID

from imported_histories import history, seats
from typed import Typed

SUITE = {"code": "EE", "name": "Webex Meetings Suite"}
AGENTS = {"code": "CJPPRM", "name": "Contact Center Premium Agent"}
KIT = {"code": "SD", "name": "Webex Room Kit"}
FIRST, LAST = "2026-08-31 18:00", "2026-10-31 18:00"
LONG = "2025-10-04 18:00"
"""Thirteen months before, in whole weeks."""
WEEK = timedelta(days=7)


def at(day):
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


class Case:
    """A customer with its history, and what is entered for it."""

    def __init__(self, rows, *commands, first=FIRST, every=timedelta(days=2), **others):
        self.rows = rows if callable(rows) else lambda moment: rows
        self.commands, self.first, self.every, self.others = commands, first, every, others

    def lines(self, name, number):
        def own(moment):
            rows = self.rows(moment)
            return rows and [row | {"subscription": owned(row["subscription"], name)} for row in rows]

        customer = {"id": str(UUID(int=number)), "name": self.others.get("name", name)}
        others = {key: value for key, value in self.others.items() if key != "name"}
        for line in history(self.first, LAST, own, every=self.every, organization=customer, **others):
            snapshot = json.loads(line)
            if snapshot["licenses"] is None:
                refused = {"collector": "licenses", "status": "not permitted", "error": "403 Forbidden"}
                snapshot["collections"] = [refused]
            yield json.dumps(snapshot)


def owned(subscription, name):
    """Subscriptions hold in every organization that has them: these are one customer's own."""
    return subscription and f"{subscription}-{name.replace(' ', '-')}"


def named(*more):
    return ("set Sub1 --kind named --starts 2026-03-15 --term 36", *more)


def agreement(kind="ea", starts="2025-11-15", term=36, more=""):
    return f"set Sub1 --kind {kind} --starts {starts} --term {term} {more}"


def calling(purchased, assigned, subscription="Sub1", **more):
    return seats(purchased, assigned, subscription=subscription, **more)


def renewal_on_thin_data():
    """One that is known on two days of a month: no plan can rest on that."""
    return Case(
        [calling(500, 400)],
        "set Sub1 --kind named --starts 2023-12-20 --term 36",
        without=lambda moment: moment.day not in (1, 31),
        every=timedelta(days=1),
        first="2025-10-01 18:00",
    )


def database(sqlite_template, folder, cases):
    """A database with the histories of the cases, and what is entered for them."""
    typed = Typed(folder, at("2026-11-01"))
    shutil.copy(sqlite_template, typed.database)
    commands = [
        "contract " + " ".join(owned(word, name) if word.startswith("Sub") else word for word in command.split())
        for name, case in cases.items()
        for command in case.commands
    ]
    numbered = enumerate(cases.items(), start=1)
    return typed.entered((line for number, (name, case) in numbered for line in case.lines(name, number)), *commands)


def decided(typed, cases, month="2026-10"):
    """The decisions of a month, by the name of the case."""
    organizations = {str(UUID(int=number)): name for number, name in enumerate(cases, start=1)}
    found = {name: [] for name in cases}
    for each in typed("decisions", "--month", month, "--json").json:
        found[organizations[each["organization_id"]]].append(each)
    return found
