"""`webexhist check`, in the language of monitors."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from entering import enter
from histories import Poller, license_of
from polling import NOON

from webexhist.contract_kinds import ContractKind
from webexhist.snapshot import Organization
from webexhist.store.entered.contracts import Contract

SUITE = license_of("Webex Meetings Suite", site="acme.webex.example")
CALLING = license_of("Webex Calling - Professional")


def polled(poller, units, *, until=NOON, days=20):
    """One poll a day, the last one at that time."""
    for back in range(days - 1, -1, -1):
        poller.poll(until - timedelta(days=back), units)


@pytest.fixture(autouse=True)
def now(run):
    run.go_by(lambda: NOON)


def test_nothing_to_decide_is_ok_and_every_product_is_drawn(run, poller):
    polled(poller, {SUITE: (200, 20), CALLING: (50, 5)})
    checked = run("check", "--warning", "90", "--critical", "95")
    assert (checked.code, checked.stderr) == (0, "")
    assert checked.stdout == (
        "WEBEXHIST OK - Nothing needs a decision. |"
        " decisions=0 'WEBEXCALLINGPROFESSIONAL'=10.0%;90;95 'WEBEXMEETINGSSUITE'=10.0%;90;95\n"
    )


@pytest.mark.parametrize(("options", "code", "state"), [
    ([], 0, "OK"),
    (["--warning", "24"], 1, "WARNING"),
    (["--warning", "24", "--critical", "25"], 2, "CRITICAL"),
    (["--warning", "25.1"], 0, "OK"),
    (["--warning", "25"], 1, "WARNING"),
    (["--warning", "0:25"], 0, "OK"),
    (["--warning", "10:20"], 1, "WARNING"),
    (["--warning", "30:"], 1, "WARNING"),
    (["--warning", "~:5"], 1, "WARNING"),
    (["--warning", ":25", "--critical=-5:24.9"], 2, "CRITICAL"),
    (["--warning", "@1:2"], 0, "OK"),
    (["--warning", "@20:25"], 1, "WARNING"),
    (["--critical", "@25"], 2, "CRITICAL"),
    (["--warning", "~:"], 0, "OK"),
    (["--warning", "20:10"], 3, "UNKNOWN"),
    (["--warning", "@~"], 3, "UNKNOWN"),
    (["--warning=-5"], 3, "UNKNOWN"),
    (["--warning", "1e3"], 3, "UNKNOWN"),
    (["--warning", ""], 3, "UNKNOWN"),
    (["--critical", "95%"], 3, "UNKNOWN"),
])  # fmt: skip
def test_utilization_is_held_against_what_may_be_assigned(run, poller, options, code, state):
    polled(poller, {SUITE: (100, 30)})
    enter(poller.engine, [Contract("Sub100001", ContractKind.EA)])
    # 30 of the 120 that an agreement tolerates.
    checked = run("check", *options)
    assert (checked.code, checked.stdout.split()[1]) == (code, state)
    assert checked.stdout.count("\n") == 1


def test_what_is_over_is_a_warning_until_somebody_enters_how_seats_are_bought(run, poller):
    polled(poller, {SUITE: (100, 130)})
    checked = run("check")
    assert (checked.code, checked.stdout.split(" - ")[0]) == (1, "WEBEXHIST WARNING")
    assert "webexhist contract set Sub100001 --kind named (ea, suite-ea, active-user)" in checked.stdout
    enter(poller.engine, [Contract("Sub100001", ContractKind.NAMED)])
    assert run("check").code == 2
    enter(poller.engine, [Contract("Sub100001", ContractKind.ACTIVE_USER)])
    assert run("check").code == 0


def test_old_figures_are_unknown_whatever_stands_in_them(run, poller):
    last = NOON - timedelta(days=30)
    polled(poller, {SUITE: (0, 480)}, until=last)
    checked = run("check")
    assert checked.code == 3
    assert checked.stdout.split(" | ")[0].strip() == (
        f"WEBEXHIST UNKNOWN - Acme Example is not polled since {last:%-d %B %Y}: what is said of it is of that day;"
        " webexhist status says why."
    )
    assert [each["kind"] for each in run("decisions", "--json").json] == ["none_purchased", "not_polled"]


def test_figures_from_before_a_list_was_refused_are_not_judged(run, poller):
    polled(poller, {SUITE: (0, 480)}, until=NOON - timedelta(days=8))
    for back in range(7, -1, -1):
        poller.poll(NOON - timedelta(days=back), failed="403")
    checked = run("check", "--warning", "1")
    refused_on = NOON - timedelta(days=7)
    assert checked.code == 3
    assert checked.stdout.split(" | ")[0].strip() == (
        f"WEBEXHIST UNKNOWN - Acme Example has unknown licenses since {refused_on:%-d %B %Y}: 403."
    )


def test_the_age_of_a_poll_may_be_given(run, poller):
    polled(poller, {SUITE: (200, 20)}, until=NOON - timedelta(hours=2))
    assert run("check", "--max-age", "7200").code == 0
    checked = run("check", "--max-age", "7199")
    assert checked.code == 3
    assert f"Acme Example was last polled at {NOON - timedelta(hours=2):%Y-%m-%d %H:%M} UTC." in checked.stdout


def test_what_is_critical_of_a_fresh_organization_is_not_hidden_by_an_unknown_one(run, poller):
    polled(poller, {SUITE: (200, 20)}, until=NOON - timedelta(days=30))
    polled(Poller(poller.engine, Organization("id of the other", "Beta")), {CALLING: (0, 5)})
    checked = run("check")
    assert (checked.code, checked.stdout.startswith("WEBEXHIST CRITICAL - Beta: Webex Calling - Professional")) == (
        2,
        True,
    )
    assert " Acme Example is not polled since" in checked.stdout
    assert "Acme Example: Acme Example" not in checked.stdout
    assert "'Beta WEBEXCALLINGPROFESSIONAL'" not in checked.stdout  # nothing is purchased to hold it against


def test_the_same_for_programs(run, poller):
    polled(poller, {CALLING: (0, 5)})
    checked = run("check", "--json")
    assert checked.code == 2
    (finding,) = checked.json["findings"]
    assert (checked.json["state"], finding["state"], finding["organization"]) == (
        "CRITICAL",
        "CRITICAL",
        "Acme Example",
    )
    assert checked.json["performance"] == ["decisions=1"]


def test_a_day_that_stands_for_now_has_its_last_second(run, poller):
    for day in ("2026-09-30", "2026-10-31"):  # as a spreadsheet of months has them
        poller.poll(f"{day} 23:59:59", {SUITE: (200, 20)})
    assert run("check", "--on", "2026-10-31").code == 0
    assert run("decisions", "--on", "2026-10-31", "--json").json == []


def test_a_day_may_stand_for_now(run, poller):
    polled(poller, {SUITE: (200, 20)}, until=datetime(2026, 8, 9, 12, tzinfo=UTC))
    assert run("check", "--on", "2026-08-09").code == 0
    checked = run("check", "--on", "2026-11-25")
    assert (checked.code, "not polled since 9 August 2026" in checked.stdout) == (3, True)


def test_whatever_keeps_it_from_its_answer_is_unknown(run, tmp_path):
    without_polls = run("check")
    assert (without_polls.code, without_polls.stderr) == (3, "")
    assert without_polls.stdout == "WEBEXHIST UNKNOWN - the database holds no polls: run webexhist poll first.\n"
    assert run("check", "--on", "yesterday").code == 3
    assert run("check", "--percent", "90").code == 3
    misused = run("--verbose", "check", "--max-age", "10|m")
    assert misused.code == 3, "a monitor shows what stands on standard output"
    assert misused.stdout.startswith("WEBEXHIST UNKNOWN - ")
    assert misused.stdout.count("\n") == 1
    assert "|" not in misused.stdout
    for thresholds in (("--warning", "nan"), ("--critical", "inf"), ("--warning", "90", "--critical", "80")):
        assert run("check", *thresholds).stdout.startswith(f"WEBEXHIST UNKNOWN - {thresholds[0]} ")
    assert run("check", "--database", tmp_path / "missing.db").code == 3
    assert run("db", "check", "--percent").code == 2


def test_one_organization_is_asked_about(run, poller):
    polled(poller, {SUITE: (20, 20)})
    polled(Poller(poller.engine, Organization("b", "Beta")), {SUITE: (200, 20)})
    everybody = run("check")
    assert (
        everybody.code,
        everybody.stdout.startswith("WEBEXHIST CRITICAL - Acme Example: Webex Meetings Suite"),
    ) == (
        2,
        True,
    )
    checked = run("check", "--org", "beta", "--warning", "90")
    assert (checked.code, checked.stdout) == (
        0,
        "WEBEXHIST OK - Nothing needs a decision. | decisions=0 'WEBEXMEETINGSSUITE'=10.0%;90;\n",
    )
    unknown = run("check", "--org", "Gamma")
    assert unknown.code == 3
    assert unknown.stdout.startswith("WEBEXHIST UNKNOWN - there is no organization 'Gamma'")


def test_of_a_day_before_the_first_poll_nothing_is_said_that_was_seen_later(run, poller):
    polled(poller, {SUITE: (20, 25)}, days=3)
    polled(Poller(poller.engine, Organization("b", "Beta")), {SUITE: (20, 25)}, days=1)
    first = NOON - timedelta(days=2)
    for on in (f"{first - timedelta(days=1):%Y-%m-%d}", f"{first - timedelta(minutes=6):%Y-%m-%d %H:%M}"):
        at = f"{on if ':' in on else on + ' 23:59'} UTC"
        said = f"nothing was known at {at}: polls began later"
        checked = run("check", "--on", on)
        assert (checked.code, checked.stdout) == (3, f"WEBEXHIST UNKNOWN - {said}.\n")
        for command in ("decisions", "licenses", "plan", "report"):
            refused = run(command, "--on", on)
            assert (refused.code, refused.line) == (1, said), command
    # Of two customers the one that came later is not known before that.
    assert run("check", "--on", f"{first:%Y-%m-%d}", "--json").json["performance"][0] == "decisions=1"
    assert run("check", "--on", f"{first:%Y-%m-%d}", "--org", "Beta").code == 3


def test_no_age_is_too_large_to_be_meant(run, poller):
    polled(poller, {SUITE: (100, 30)})
    assert [run("check", "--max-age", age).code for age in ("99999999999", "9" * 15, "9" * 400)] == [0, 0, 0]


def test_quiet_says_it_by_the_exit_code_alone(run, poller):
    polled(poller, {SUITE: (20, 20)})
    loud, quiet = run("check"), run("check", "--quiet")
    assert (quiet.code, quiet.stdout, quiet.stderr) == (loud.code, "", "")
    assert run("check", "--quiet", "--org", "nobody").code == 3


def test_that_rows_were_changed_is_said_before_all_that_rests_on_them(run, poller):
    polled(poller, {license_of(f"Webex Example {letter}"): (20, 25) for letter in "ABCDEF"}, days=2)
    with closing(sqlite3.connect(poller.engine.url.database)) as connection, connection:
        connection.execute("UPDATE reading SET value = 24 WHERE value = 25")
    checked = run("check", "--critical", "100")
    told = "was changed by something else than webexhist: see webexhist db check. "
    assert checked.stdout.startswith("WEBEXHIST CRITICAL - ")
    assert checked.stdout.index(told) < checked.stdout.index("Webex Example A")
    assert "And 8 more: webexhist decisions." in checked.stdout
