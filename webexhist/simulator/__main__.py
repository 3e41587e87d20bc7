"""Serves a world on loopback until Ctrl-C: `python -m webexhist.simulator --help`."""

import argparse
import contextlib
import threading

from webexhist.simulator.faults.switches import Faults
from webexhist.simulator.thread import SimulatedWebex
from webexhist.simulator.world.plans import sized_world
from webexhist.simulator.world.times import system_clock

SIZES = {"people": 100, "rooms": 20, "teams": 4, "messages": 1_000, "devices": 12, "workspaces": 9}
"""What can be sized, and the usual size."""


def main() -> None:
    """Starts the service and prints where it is and with which token it is read."""
    options = _parser().parse_args()
    world = sized_world(system_clock(), **{name: getattr(options, name) for name in SIZES})
    try:
        webex = SimulatedWebex(world, faults=Faults(latency_seconds=options.latency), port=options.port)
    except OSError as error:
        raise SystemExit(f"cannot listen on port {options.port} ({error.strerror}), choose another --port") from error
    with contextlib.suppress(KeyboardInterrupt), webex:
        print(f"Base URL: {webex.base_url}")
        print(f"Access token: {webex.access_token}")
        print("Stop with Ctrl-C.", flush=True)
        threading.Event().wait()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m webexhist.simulator", description="Serve a simulated Webex service on 127.0.0.1 until Ctrl-C."
    )
    parser.add_argument("--port", type=port, default=0, metavar="N", help="port to listen on (default: a free one)")
    parser.add_argument("--latency", type=float, default=0.0, metavar="SECONDS", help="duration of each answer")
    for name, usual in SIZES.items():
        parser.add_argument(f"--{name}", type=number, default=usual, metavar="N", help=f"number of {name} ({usual})")
    return parser


def number(text: str) -> int:
    """Reads a number from 0 on. Raises ValueError for other texts."""
    value = int(text)
    if value < 0:
        raise ValueError(text)
    return value


def port(text: str) -> int:
    """Reads the number of a port. Raises ValueError for other texts."""
    value = number(text)
    if value > 65_535:
        raise ValueError(text)
    return value


if __name__ == "__main__":
    main()
