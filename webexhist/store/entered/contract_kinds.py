"""How seats are bought."""

from enum import StrEnum


class ContractKind(StrEnum):
    """The offers in Cisco's words."""

    EA = "ea"
    SUITE_EA = "suite-ea"
    NAMED = "named"
    ACTIVE_USER = "active-user"
    CC_NAMED = "cc-named"
    CC_CONCURRENT = "cc-concurrent"
    WHOLESALE = "wholesale"
    OTHER = "other"
