"""Puts a history right: backups and the way back, corrections, and snapshots dropped."""
