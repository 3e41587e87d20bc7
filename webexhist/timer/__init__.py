"""Lets the host run polls and reports by itself: systemd or cron, with or without an agent."""
