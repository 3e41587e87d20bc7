"""Finds what a person names."""
