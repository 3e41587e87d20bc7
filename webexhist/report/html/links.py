"""Where the pages of a report lie, seen from each other: each in a file of its own, or all in one."""

from dataclasses import dataclass
from typing import Protocol

from webexhist.report.html.names import CALENDAR, CSV, INDEX, XLSX

OVERVIEW = "overview"
"""The page over all organizations, where it is an article of one file."""


class Links(Protocol):
    """What a page needs to know to name another."""

    @property
    def overview(self) -> str | None:
        """The page over all organizations; None where there is only one."""

    @property
    def months_page(self) -> str | None:
        """The page over all months; None where there is only one."""

    @property
    def tables(self) -> tuple[tuple[str, str], ...]:
        """The files for spreadsheets by name and address; none where they do not come along."""

    @property
    def calendar(self) -> str | None:
        """The days of contracts, where there are any; None where they do not come along."""

    def page(self, name: str) -> str:
        """A page about the same organization."""

    def license(self, name: str) -> str | None:
        """The page of a license that is one of several of a product; None where it has none."""

    def anchor(self, page: str) -> str:
        """The id of a page, unique in its file."""

    def element(self, page: str, word: str) -> str:
        """The id of something on a page, unique in its file."""


@dataclass(frozen=True, slots=True)
class FolderLinks:
    """Every page is a file."""

    root: str
    """Leads to the folder of the report: "" or "../"."""
    overview: str | None
    months_page: str | None
    folder: str = ""
    """Leads to the pages of the organization, "" when they lie beside."""

    @property
    def tables(self) -> tuple[tuple[str, str], ...]:
        return tuple((name, f"{self.root}{name}") for name in (XLSX, CSV))

    @property
    def calendar(self) -> str:
        return f"{self.root}{CALENDAR}"

    def page(self, name: str) -> str:
        return f"{self.folder}{name}.html"

    def license(self, name: str) -> str:
        return self.page(name)

    def anchor(self, page: str) -> str:
        return page

    def element(self, page: str, word: str) -> str:
        return word


@dataclass(frozen=True, slots=True)
class FragmentLinks:
    """Every page is an article of one file."""

    scope: str
    """Begins the addresses of one of several organizations; "" where there is only one."""
    overview: str | None
    months_page: str | None

    @property
    def tables(self) -> tuple[tuple[str, str], ...]:
        return ()

    @property
    def calendar(self) -> None:
        return None

    def page(self, name: str) -> str:
        return f"#{self.anchor(name)}"

    def license(self, name: str) -> str:
        return self.page(name)

    def anchor(self, page: str) -> str:
        return f"{self.scope}{page}"

    def element(self, page: str, word: str) -> str:
        return f"{self.anchor(page)}-{word}"


@dataclass(frozen=True, slots=True)
class CustomerLinks:
    """Everything about an organization is one page: a file of its own, or an article of one file."""

    name: str
    """Of the page."""
    is_file: bool
    months_page: str | None

    @property
    def overview(self) -> str:
        return f"{INDEX}.html" if self.is_file else f"#{OVERVIEW}"

    @property
    def tables(self) -> tuple[tuple[str, str], ...]:
        return tuple((name, name) for name in (XLSX, CSV)) if self.is_file else ()

    @property
    def calendar(self) -> str | None:
        return CALENDAR if self.is_file else None

    def page(self, name: str) -> str:
        if name == INDEX:
            return f"{self.name}.html" if self.is_file else f"#{self.name}"
        return f"#{self.anchor(name)}"

    def license(self, name: str) -> None:
        return None

    def anchor(self, page: str) -> str:
        return page if self.is_file or page == self.name else f"{self.name}-{page}"

    def element(self, page: str, word: str) -> str:
        return f"{self.anchor(page)}-{word}"
