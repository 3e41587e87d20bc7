"""Decisions that a person accepts, mutes or opens again.

Acme has 13 of 10 units of Calling assigned since 10 October 2026, and 16 since 20 November; Beta was last polled on
9 August.
"""

import shutil
from datetime import UTC, date, datetime, timedelta

import pytest
from commands import TODAY
from imported_histories import history, seats

from webexhist.cli.commands.decisions.states import Saying, decisions_of_one, require_sense
from webexhist.errors import UsageError
from webexhist.export.snapshot_lines import read_lines
from webexhist.importing import bring_history_in
from webexhist.review.judgment.decisions.subjects import Subject
from webexhist.review.judgment.decisions.values import DecisionKind
from webexhist.store.carrying.bring import Importer
from webexhist.store.entered.decision_states import DecisionState
from webexhist.store.opening.history import open_history

BETA = {"id": "22222222-2222-3333-4444-555555555555", "name": "Beta Example"}
OVER_SINCE, WORSE_SINCE = datetime(2026, 10, 10, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)
MUTED = DecisionState.MUTED
OF_ACME = (
    "SELECT w.decisions FROM outlook w JOIN organization o ON o.id = w.organization_id WHERE o.name LIKE 'Acme%'"
)

STATES = "SELECT state, units, up_to FROM decision_state ORDER BY organization_id, number"


def listed(at):
    return [seats(10, 16 if at >= WORSE_SINCE else 13 if at >= OVER_SINCE else 8)]


@pytest.fixture(scope="module")
def brought_in(sqlite_template, tmp_path_factory):
    file = tmp_path_factory.mktemp("states") / "history.db"
    shutil.copy(sqlite_template, file)
    pace = timedelta(days=5)
    lines = history("2026-09-21 06:00", "2026-11-25 06:00", listed, every=pace)
    lines += history("2026-07-10 06:00", "2026-08-09 06:00", lambda at: [seats(10, 5)], every=pace, organization=BETA)
    signed = Importer("Kim", datetime(2026, 11, 25, tzinfo=UTC))
    bring_history_in(str(file), read_lines(enumerate(lines, start=1)), signed, lambda each, _: each)
    return file


@pytest.fixture
def run(brought_in, webexhist, monkeypatch, tmp_path):
    file = shutil.copy(brought_in, tmp_path / "history.db")
    monkeypatch.setenv("WEBEXHIST_DATABASE", str(file))
    return webexhist


def found(run, *words):
    return [(each["id"], each["state"], each["until"]) for each in run("decisions", *words, "--json").json]


def test_what_is_accepted_stands_below_and_is_left_out_until_it_is_worse(run):
    run.go_by(lambda: datetime(2026, 11, 10, 12, tzinfo=UTC))
    (over, _, _), (silent, _, _) = found(run)
    assert (over[:5], silent[:11]) == ("over-", "not_polled-")
    done = run("decisions", "accept", over, "--note", "Ordered, 4711", "--by", "Kim")
    assert done.stdout.startswith(
        f"{over}: open → Accepted by Kim on 10 November 2026 up to 3 units: Ordered, 4711\n"
    )
    assert [words[-1] for words in run.beside] == ["outlook"]
    assert found(run) == [(silent, "open", None), (over, "accepted", None)]
    shown = run("decisions").stdout
    assert (
        shown.index("is not polled") < shown.index("Accepted or muted:") < shown.index("is over what was purchased")
    )
    assert "Accepted by Kim on 10 November 2026" in shown and f"over {over[-10:]}" in shown
    checked = run("check", "--json").json
    assert "decisions=1" in checked["performance"]
    assert [finding["organization"] for finding in checked["findings"]] == ["Beta Example"]
    # The month before keeps it open. With 6 units it is open again, which the last poll has seen.
    assert found(run, "--month", "2026-10")[0] == (over, "open", None)
    run.go_by(run.today)
    assert found(run)[0] == (over, "open", None)


def test_what_is_muted_counts_at_once_and_all_that_was_said_is_kept(run, tmp_path):
    (over, _, _), (silent, _, _) = found(run)
    run("decisions", "mute", over[-10:], "--note", "Clean-up", "--until", "2026-12-31")
    run("--database", tmp_path / "history.db", "decisions", "mute", silent, "--note", "Their contract ended")
    assert found(run) == [(over, "muted", "2026-12-31"), (silent, "muted", None)]
    assert run("check").stdout.startswith("WEBEXHIST OK - Nothing needs a decision. | decisions=0")
    run("outlook")
    assert run("sql", OF_ACME, "--json").json == [{"decisions": 0}]
    reopened = run("decisions", "reopen", over, "--note", "Not yet")
    assert reopened.stdout.startswith(f"{over}: muted → Opened again by ")
    kept = run("sql", STATES, "--json").json
    assert [(row["state"], row["units"], row["up_to"]) for row in kept] == [
        ("muted", 6, None),
        ("open", 6, None),
        ("muted", None, None),
    ]


def test_only_the_organization_is_reviewed_that_a_decision_is_about(run, brought_in):
    (over, _, _), (silent, _, _) = found(run)
    with open_history(str(brought_in)) as history:
        reviewed = [
            {each.organization for each in decisions_of_one(history, wanted, TODAY)}
            for wanted in (over, silent[-10:], "over-")
        ]
    assert reviewed == [{"Acme Example"}, {"Beta Example"}, set()]


def test_an_id_that_nothing_has_is_one_line_with_the_nearest(run):
    (over, _, _), _ = found(run)
    near = f"{over[:-1]}{'0' if over[-1] != '0' else '1'}"
    for words, said in (
        (
            ("accept", near, "--note", "x"),
            f"there is no decision {near}: do you mean {over}? see webexhist decisions",
        ),
        (("--json", "mute", over, "--note", "x"), "decisions mute lists nothing: leave the options of the list out"),
    ):
        failed = run("decisions", *words)
        assert (failed.code, failed.line) == (2, said)
    assert run("decisions", "accept", over).code == 2


@pytest.mark.parametrize(
    ("units", "saying", "said"),
    [
        (6, Saying(MUTED, " ", None), "the note is empty: write why"),
        (6, Saying(DecisionState.OPEN, "x", None), "ID is open already: see webexhist decisions"),
        (6, Saying(MUTED, "x", None, date(2026, 11, 24)), "2026-11-24 is past: give a day from 2026-11-25 on"),
        (-6, Saying(MUTED, "x", None, None, 5), "it concerns 6 units already: give --up-to 6 or more"),
        (None, Saying(MUTED, "x", None, None, 5), "ID concerns no units: leave --up-to out, or give --until"),
    ],
)  # fmt: skip
def test_what_would_change_nothing_is_refused(units, saying, said):
    decision = Subject("Acme Example", "acme").decision(DecisionKind.OVER, "is over", "BCSTD", units=units)
    with pytest.raises(UsageError) as refused:
        require_sense(saying, decision, date(2026, 11, 25))
    assert str(refused.value) == said.replace("ID", decision.id)
