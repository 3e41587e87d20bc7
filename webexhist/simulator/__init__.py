"""A simulated Webex service behind real HTTP on loopback. It uses nothing else of webexhist; see README.md."""

from webexhist.simulator.auth.access import Token
from webexhist.simulator.faults.switches import DataFault, Faults, PagingFault, RateLimit, Trouble
from webexhist.simulator.process import SharedClock, SimulatedWebexProcess
from webexhist.simulator.thread import SimulatedWebex
from webexhist.simulator.world.plans import LicensePlan, OrganizationPlan, World, partner_world, sized_world
from webexhist.simulator.world.times import VirtualClock

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
