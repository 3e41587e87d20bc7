"""`webexhist contract` and `note` as they are typed."""

import pytest
from histories import NASTY_NAME, license_of
from polling import NOON

SITE = license_of("Webex Meetings Suite", site="acme.webex.example")
EUROPE = license_of("Webex Meetings Suite", site="europe.webex.example", subscription="Sub2")
NASTY = license_of(NASTY_NAME + "\x1b[31m [bold]red[/bold]", subscription="Sub2")


@pytest.fixture(autouse=True)
def polled(poller):
    poller.poll("2026-10-01 06:00", {SITE: (250, 200), EUROPE: (100, 60), NASTY: (5, 5)})


def test_a_contract_is_entered_listed_and_removed(run):
    run.go_by(lambda: NOON)
    done = run("contract", "set", "sub2", "--kind", "ea", "--starts", "2026-03-15", "--name", "Flex [EA]")
    assert (done.code, done.stdout) == (
        0,
        "Sub2: kind – → ea\nSub2: starts – → 2026-03-15\nSub2: name – → Flex [EA]\n",
    )
    again = run("contract", "set", "Sub2", "--kind", "suite-ea", "--term", "36", "--apart", "--by", "Anna")
    assert again.stdout == "Sub2: kind ea → suite-ea\nSub2: term – → 36\nSub2: apart – → yes\n"
    assert run("contract", "set", "Sub2", "--term", "36").stdout == "Nothing is changed: that was entered before.\n"
    (listed,) = run("contract", "list", "--json").json
    assert {name: cell for name, cell in listed.items() if cell is not None} == {
        "subscription": "Sub2",
        "kind": "suite-ea",
        "starts": "2026-03-15",
        "term": 36,
        "name": "Flex [EA]",
        "apart": "yes",
        "entered_at": "2026-11-23 12:00:00",
        "entered_by": "Anna",
    }
    assert "Flex [EA]" in run("contract", "list").stdout
    assert run("contract", "remove", "SUB2").stdout == "SUB2: nothing is entered any more.\n"
    assert run("contract", "list").stdout == "No contract was entered: webexhist contract set.\n"
    assert run("contract", "remove", "Sub2").line == "nothing was entered for Sub2: see webexhist contract list"


def test_a_license_is_entered_as_no_seat(run):
    done = run("contract", "set", "--not-counted", "europe.webex.example")
    assert done.stdout == "Webex Meetings Suite · europe.webex.example: counted – → no\n"
    assert "europe.webex.example" in run("contract", "list").stdout
    assert run("contract", "remove", "europe.webex.example").stdout == (
        "Webex Meetings Suite · europe.webex.example: counted no → –\n"
    )
    assert run("contract", "list", "--json").json == []


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["Sub2"], "nothing is entered: see webexhist contract set --help"),
        (["--kind", "ea"], "no subscription is named: give its id, like Sub1000001"),
        (["Sub3", "--kind", "ea"], "there is no subscription Sub3: do you mean Sub2? choose one of Sub100001, Sub2"),
    ],
)
def test_a_contract_that_cannot_be_meant_is_refused(run, words, line):
    refused = run("contract", "set", *words)
    assert (refused.code, refused.stdout, refused.line) == (2, "", line)


def test_contracts_go_out_to_a_spreadsheet_and_come_in_again(run, tmp_path):
    file = tmp_path / "contracts.csv"
    run("contract", "set", "Sub2", "--kind", "ea", "--starts", "2026-03-15", "--name", "=1+1", "--together")
    run("contract", "set", "--not-counted", SITE.webex_id)
    before = run("contract", "list", "--json").json
    assert run("contract", "export", file).stdout == f"{file}: 2 lines.\n"
    run("contract", "remove", "Sub2")
    run("contract", "remove", SITE.webex_id)
    read_in = run("contract", "import", file)
    assert read_in.stdout.endswith("2 lines read, 5 things changed.\n")
    assert run("contract", "list", "--json").json == before
    assert run("contract", "export").stdout == file.read_text("utf-8-sig")


def test_the_home_of_nobody_is_no_place_for_a_spreadsheet(run):
    assert run("contract", "export", "~nobody-of-that-name/x.csv").code == 2


def test_a_spreadsheet_is_written_whole_over_the_former_and_follows_no_link(run, tmp_path):
    (tmp_path / "innocent").write_text("untouched")
    (tmp_path / "contracts.csv").symlink_to(tmp_path / "innocent")
    run("contract", "export", tmp_path / "contracts.csv")
    assert (tmp_path / "innocent").read_text() == "untouched"
    assert (tmp_path / "contracts.csv").read_text("utf-8-sig").startswith("subscription,")
    assert sorted(path.name for path in tmp_path.glob("*contracts*")) == ["contracts.csv"]


@pytest.mark.parametrize("place", ["/dev/zero", "~nobody-of-that-name/x.csv", "folder"])
def test_what_is_no_spreadsheet_of_contracts_is_one_line(run, tmp_path, monkeypatch, place):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    assert run("contract", "import", place).code == 2


def test_a_spreadsheet_with_semicolons_and_few_columns_leaves_the_rest_as_it_was(run, tmp_path):
    run("contract", "set", "Sub2", "--kind", "ea", "--allowance", "15")
    file = tmp_path / "contracts.csv"
    file.write_text("Subscription;Term;Name\r\nSub2;24;\r\n;;\r\nSub100001;36;Flex\r\n", encoding="utf-8-sig")
    assert run("contract", "import", file).stdout == (
        "Sub2: term – → 24\nSub100001: term – → 36\nSub100001: name – → Flex\n2 lines read, 3 things changed.\n"
    )
    first, second = run("contract", "list", "--json").json
    assert (first["subscription"], second["kind"], second["allowance"], second["term"]) == ("Sub100001", "ea", 15, 24)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("subscription,kinds\nSub2,ea", "line 1: there is no column 'kinds'"),
        ("", "line 1: the first line names no columns"),
        ("subscription,kind\rSub2,ea\r", "line 1: it is no row (new-line character seen"),
        ('subscription,name\nSub100001,"Flex\nSub2,b\n', "line 3: it is no row (unexpected end of data)"),
        (f"subscription,name\nSub2,{'x' * 200_000}", "line 2: it is no row (field larger than"),
        ("subscription,kind\nSub2,ea\nSub100001,lease", "line 3: 'lease' is no kind"),
        ("subscription,starts\nSub2,15.03.2026", "line 2: '15.03.2026' is no starts"),
        ("subscription,term\nSub2,0", "line 2: '0' is no term"),
        ("subscription,kind\nSub2,ea\nsub2,named", "line 3: sub2 stands in it twice"),
        ("subscription,kind\n,ea", "line 2: it is not about one subscription or one license"),
        ("subscription,kind\nSub2,ea,named", "line 2: it is not about one subscription or one license"),
        ("organization,subscription,kind\nAcme,,,ea", "line 2: it is not about one subscription or one license"),
        ("subscription,term,Term\nSub2,36,24", "line 1: the column term stands in it twice"),
        ("term,subscription,term\n36,Sub2,", "line 1: the column term stands in it twice"),
        ("subscription,term\nSub100001,36\nSub7,36", "line 3: there is no subscription Sub7"),
        ("license_id,counted\nnowhere,yes", "line 2: there is no license 'nowhere'"),
        ("subscription,units\nSub2,3", "line 2: a subscription has no units"),
        ("subscription,entry\nSub2,prize", "line 2: 'prize' is no entry"),
        ("subscription,entry,amount\nSub2,price,3", "line 2: there is no currency"),
        ("subscription,entry,amount,currency\nSub2,price,3.5,JPY", "line 2: '3.5' is no amount of JPY"),
        ("subscription,entry,units,day\nSub2,order,3,2026-10-01", "line 2: there is no license_id whose order it is"),
        ("subscription,entry,units\nSub2,settlement,3", "line 2: there is no day"),
        (
            "subscription,entry,amount,currency,day\nSub2,price,3,EUR,\nSub2,price,4,EUR,2026-10-01\nSub2,price,5,EUR,",
            "line 4: sub2 stands in it twice",
        ),
        (
            "subscription,entry,amount,currency,day\nSub2,price,3,EUR,2026-10-01\nSub2,price,4,EUR,20261001",
            "line 3: sub2 stands in it twice",
        ),
        (
            f"license_id,entry,units,day\n{SITE.webex_id},order,3,2026-10-01\n{SITE.site_url},order,4,2026-10-01",
            f"line 3: {SITE.site_url} stands in it twice",
        ),
        (
            "subscription,entry,units,day,currency\nSub2,settlement,3,2026-10-01,EUR",
            "line 2: there is no amount",
        ),
    ],
)
def test_a_spreadsheet_with_one_wrong_line_changes_nothing(run, tmp_path, lines, problem):
    file = tmp_path / "contracts.csv"
    file.write_text(lines)
    refused = run("contract", "import", file)
    assert (refused.code, refused.stdout) == (2, "")
    assert refused.line.startswith(problem)
    assert run("contract", "list", "--json").json == []


def test_notes_are_added_listed_and_removed(run):
    added = run("note", "add", "Branch [offices] move", "--on", "2026-10-20", "--license", SITE.webex_id, "--step")
    assert (added.code, added.stdout) == (0, "Note 1 on 2026-10-20, Webex Meetings Suite · acme.webex.example.\n")
    run.go_by(lambda: NOON)
    assert run("note", "add", "Today").stdout == "Note 2 on 2026-11-23.\n"
    first, second = run("note", "list", "--json").json
    assert first == {
        "note": 1,
        "day": "2026-10-20",
        "text": "Branch [offices] move",
        "license": "Webex Meetings Suite · acme.webex.example",
        "step": True,
    }
    assert (second["license"], second["step"]) == (None, False)
    assert "Branch [offices] move" in run("note", "list").stdout
    assert run("note", "remove", "1").stdout == "Note 1 is removed.\n"
    assert [note["note"] for note in run("note", "list", "--json").json] == [2]
    assert run("note", "remove", "1").code == 2


def test_an_empty_note_or_one_on_no_day_is_refused(run):
    assert run("note", "add", " ").stderr == "webexhist: the note is empty: write what happened\n"
    assert run("note", "add", "\u202e\u200e").line == "the note is empty: write what happened"
    assert run("note", "add", "when", "--on", "2026-02-30").code == 2
    assert run("note", "list", "--json").json == []


def test_words_that_nobody_would_read_to_their_end_are_refused(run):
    for words in (
        ("note", "add"),
        ("db", "void", "--snapshot", "2026-10-01", "--note"),
        ("contract", "set", "Sub100001", "--name"),
        ("contract", "set", "Sub100001", "--term", "36", "--by"),
    ):
        refused = run(*words, f"{'x' * 1000}y")
        assert (refused.code, refused.line) == (2, f"'{'x' * 30}…' has more than 1,000 characters: shorten it"), words
    assert run("note", "add", "x" * 1000).code == 0


def test_names_are_printed_as_they_are_but_move_no_cursor(run):
    run("contract", "price", NASTY.webex_id, "1")
    printed = run("contract", "list").stdout
    assert "\x1b" not in printed
    words = ['<script>alert("x")</script>', "&", "Sons", "🚀", "[31m", "[bold]red[/bold]"]
    assert [word for word in words if word not in printed] == []  # a cell's lines end between words
