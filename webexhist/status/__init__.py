"""Gathers whether everything works, and what a person has to do where it does not; Webex is not asked."""
