"""Stores what was polled."""
