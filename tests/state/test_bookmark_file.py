"""Where a list was left, in a file of its own for each list and each token's owner."""

import pytest

from webexhist.config import load_settings
from webexhist.state.bookmark_file import BookmarkFile

MARKS = [{"link": "https://webexapis.com/v1/events?cursor=1"}, {"link": "https://webexapis.com/v1/events?cursor=2"}]


@pytest.fixture
def bookmarks(tmp_path):
    def of(token="one", organization="o", source="events", owner="w"):
        settings = load_settings({"state_dir": str(tmp_path / "state"), "access_token": token}, None, {})
        return BookmarkFile(settings, owner, organization, source)

    return of


def test_bookmarks_are_found_by_the_same_list_of_the_same_owner_only(bookmarks):
    assert bookmarks().save(MARKS)
    assert bookmarks().load() == MARKS
    others = [{"token": "two"}, {"organization": "p"}, {"source": "audit"}, {"owner": "x"}]
    assert [bookmarks(**other).load() for other in others] == [[], [], [], []]
    assert bookmarks().path.stat().st_mode & 0o777 == 0o600


def test_a_list_that_is_done_leaves_no_file(bookmarks):
    bookmarks().save(MARKS)
    assert bookmarks().save([])
    assert list(bookmarks().path.parent.iterdir()) == []
    assert bookmarks().save([])


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1],
        lambda content: content.replace(b"=2", b"=3"),
        lambda content: b"0" + content[1:],
        lambda content: b"",
        lambda content: content + b" ",
    ],
)
def test_a_damaged_file_is_as_good_as_none(bookmarks, damage):
    bookmarks().save(MARKS)
    path = bookmarks().path
    path.write_bytes(damage(path.read_bytes()))
    assert bookmarks().load() == []


def test_what_cannot_be_written_leaves_nothing_to_go_on_from(bookmarks):
    folder = bookmarks().path.parent
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("no folder")
    assert not bookmarks().save(MARKS)
    assert bookmarks().load() == []
