"""Asks a real organization once what no document says, and keeps shapes and counts of what it answered."""
