"""How the pages write texts that are more than words."""

from webexhist.report.html.environment import commands_whole, isolated


def test_no_line_ends_within_an_option_of_a_command():
    told = "tell it: webexhist contract set Sub-1 --kind KIND --billed-above <allowance>; a-b -- no--option"
    assert commands_whole(told) == (
        'tell it: webexhist contract set Sub-1 <span class="option">--kind</span> KIND'
        ' <span class="option">--billed-above</span> &lt;allowance&gt;; a-b -- no--option'
    )


def test_a_link_has_something_to_click_whatever_the_name_is():
    assert [isolated(name) for name in ("\u200b\u2060", " ", "a\u200db")] == [
        "<bdi>U+200B U+2060</bdi>",
        "<bdi>U+0020</bdi>",
        "<bdi>a\u200db</bdi>",
    ]
