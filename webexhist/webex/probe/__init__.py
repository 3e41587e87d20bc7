"""Asks a real organization once what no document tells, and keeps shapes and counts of what it answered."""
