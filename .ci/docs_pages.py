"""Shows the pages that stand at the top of a checkout beside those of docs/, for mkdocs.

A page is written once, where people look for it in a checkout, and its links lead where they lead there. In the site
they lead to the same pages; to a file that is no page, as the license, only its name is left.
"""

import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

TOP_PAGES = {"README.md": "index.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
LINK = re.compile(r"\[(?P<text>[^\[\]]+)\]\((?P<file>[^()#\s:]+)(?P<anchor>#[^()\s]*)?\)")
"""A link to a file, so neither to an address nor within its page."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the pages from the top of the checkout."""
    for source, page in TOP_PAGES.items():
        files.append(File.generated(config, page, content=(checkout(config) / source).read_text()))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, **_: Any) -> str:
    """Turns the links of a checkout into those of the site."""
    top = checkout(config)
    docs = top / "docs"
    folder = top if page.file.src_uri in TOP_PAGES.values() else docs

    def turned(link: re.Match[str]) -> str:
        target = (folder / link["file"]).resolve()
        if target.is_relative_to(docs):
            name = str(target.relative_to(docs))
        elif target.parent == top and target.name in TOP_PAGES:
            name = TOP_PAGES[target.name]
        elif target.exists():
            return link["text"]
        else:
            return link[0]  # mkdocs says that it leads nowhere
        return f"[{link['text']}]({name}{link['anchor'] or ''})"

    return LINK.sub(turned, markdown)


def checkout(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).resolve().parent
