"""Figures of a review in other formats."""
