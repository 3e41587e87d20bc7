"""What a reader sees of a page."""

import re
from html import unescape
from pathlib import Path

UNSEEN = re.compile(r'(?s)<(style|script|svg)\b.*?</\1>|<details class="sql">.*?</details>')
"""Drawings say by themselves what they show, and queries stand closed."""


def shown(page: Path) -> str:
    """Its text in one line, with a space for each tag but those that only isolate a name."""
    text = re.sub("</?bdi>", "", UNSEEN.sub(" ", page.read_text("utf-8")))
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())
