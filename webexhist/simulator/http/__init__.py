"""Requests, answers and the pages of lists."""
