"""One module a page: figures in, HTML out. A module here that has `PAGES` is part of every report."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from webexhist.report.pages.page import OrganizationPages


@cache
def organization_pages() -> tuple[OrganizationPages, ...]:
    """The pages about one organization of every module here, in their order."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    found: list[OrganizationPages] = [module.PAGES for module in modules if hasattr(module, "PAGES")]
    return tuple(sorted(found, key=lambda pages: pages.place))
