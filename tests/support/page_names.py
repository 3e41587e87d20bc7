"""The pages that every report has beside one for each license: a new page is one of them without another word."""

from webexhist.report.pages import organization_pages

LINKED_PAGES = frozenset(
    pages.link.name for pages in organization_pages() if pages.link and not pages.needs_another_month
)
"""Their names, the index among them."""
