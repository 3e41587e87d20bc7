"""A story of thirteen months for the simulated service, and the run that polls it."""
