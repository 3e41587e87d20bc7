"""A simulated Webex organization behind real HTTP on loopback, and a story of thirteen months for it."""

from webexhist.demo.access import Token
from webexhist.demo.faults import DataFault, Faults, PagingFault, RateLimit, Trouble
from webexhist.demo.separate import SeparateWebex, SharedClock
from webexhist.demo.simulated import SimulatedWebex
from webexhist.demo.times import VirtualClock
from webexhist.demo.world import LicensePlan, OrganizationPlan, World, partner_world, sized_world

__all__ = [
    "DataFault",
    "Faults",
    "LicensePlan",
    "OrganizationPlan",
    "PagingFault",
    "RateLimit",
    "SeparateWebex",
    "SharedClock",
    "SimulatedWebex",
    "Token",
    "Trouble",
    "VirtualClock",
    "World",
    "partner_world",
    "sized_world",
]
