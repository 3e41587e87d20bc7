"""Carries snapshots out of the database and into it, with histories that were made elsewhere among them."""
