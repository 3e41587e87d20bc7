"""What exists in the simulated organizations, and the events in them."""
