"""A simulated Webex service behind real HTTP on loopback; knows nothing else of webexhist."""

from webexhist.simulator.access import Token
from webexhist.simulator.faults import DataFault, Faults, PagingFault, RateLimit, Trouble
from webexhist.simulator.process import SharedClock, SimulatedWebexProcess
from webexhist.simulator.simulated import SimulatedWebex
from webexhist.simulator.times import VirtualClock
from webexhist.simulator.world import LicensePlan, OrganizationPlan, World, partner_world, sized_world

__all__ = [
    "DataFault",
    "Faults",
    "LicensePlan",
    "OrganizationPlan",
    "PagingFault",
    "RateLimit",
    "SharedClock",
    "SimulatedWebex",
    "SimulatedWebexProcess",
    "Token",
    "Trouble",
    "VirtualClock",
    "World",
    "partner_world",
    "sized_world",
]
