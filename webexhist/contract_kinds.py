"""The words of a contract that are chosen from a few."""

from enum import StrEnum


class ContractKind(StrEnum):
    """How seats are bought: the offers in Cisco's words."""

    EA = "ea"
    SUITE_EA = "suite-ea"
    NAMED = "named"
    ACTIVE_USER = "active-user"
    CC_NAMED = "cc-named"
    CC_CONCURRENT = "cc-concurrent"
    WHOLESALE = "wholesale"
    OTHER = "other"


class Renewal(StrEnum):
    """What happens when a term ends and nobody does anything."""

    AUTO = "auto"
    NO = "no"


class BilledAbove(StrEnum):
    """What a True Forward invoices: the units above the growth allowance, or all above the purchased ones."""

    ALLOWANCE = "allowance"
    PURCHASED = "purchased"
