"""Runs the command line as `python -m webexhist`."""

from webexhist.cli.main import main

main()
