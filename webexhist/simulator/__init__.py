"""A simulated Webex service behind real HTTP on loopback. It uses nothing else of webexhist; see README.md."""

from webexhist.simulator.auth.access import Token
from webexhist.simulator.auth.integration import Consent, Integration, Rotation
from webexhist.simulator.faults.switches import (
    Body,
    CutOff,
    DataFault,
    EventOrder,
    Faults,
    Hang,
    PagingFault,
    RateLimit,
    Redirect,
    Reset,
    Slow,
    Status,
    TooLarge,
    Trickle,
    Trouble,
    TruncatedJson,
)
from webexhist.simulator.process import SharedClock, SimulatedWebexProcess
from webexhist.simulator.thread import SimulatedWebex
from webexhist.simulator.world.amounts import Curve, Steps
from webexhist.simulator.world.plans import (
    LicensePlan,
    OrganizationPlan,
    Units,
    World,
    organization_id,
    organization_uuid,
    partner_world,
    sized_world,
)
from webexhist.simulator.world.rhythm import EvenSpread
from webexhist.simulator.world.times import VirtualClock

__all__ = [
    "Body",
    "Consent",
    "Curve",
    "CutOff",
    "DataFault",
    "EvenSpread",
    "EventOrder",
    "Faults",
    "Hang",
    "Integration",
    "LicensePlan",
    "OrganizationPlan",
    "PagingFault",
    "RateLimit",
    "Redirect",
    "Reset",
    "Rotation",
    "SharedClock",
    "SimulatedWebex",
    "SimulatedWebexProcess",
    "Slow",
    "Status",
    "Steps",
    "Token",
    "TooLarge",
    "Trickle",
    "Trouble",
    "TruncatedJson",
    "Units",
    "VirtualClock",
    "World",
    "organization_id",
    "organization_uuid",
    "partner_world",
    "sized_world",
]
