"""How the pages write texts that are more than words."""

import pytest

from webexhist.report.html.environment import isolated, page_environment, unbroken


def test_no_line_ends_within_an_option_of_a_command_or_a_day():
    told = "tell it: webexhist contract set Sub-1 --kind KIND --billed-above <allowance>; a-b -- no--option"
    assert unbroken(told) == (
        'tell it: webexhist contract set Sub-1 <span class="unbroken">--kind</span> KIND'
        ' <span class="unbroken">--billed-above</span> &lt;allowance&gt;; a-b -- no--option'
    )


def test_a_link_has_something_to_click_whatever_the_name_is():
    assert [isolated(name) for name in ("\u200b\u2060", " ", "a\u200db")] == [
        "<bdi>U+200B U+2060</bdi>",
        "<bdi>U+0020</bdi>",
        "<bdi>a\u200db</bdi>",
    ]


def test_a_template_that_is_gone_is_a_part_of_the_program_that_is_missing():
    with pytest.raises(ImportError, match=r"No template gone\.html"):
        page_environment().get_template("gone.html")
