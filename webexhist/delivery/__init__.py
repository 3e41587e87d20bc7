"""Hands what was made over to others: to a mail server, and to services of messages."""
