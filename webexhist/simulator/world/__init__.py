"""What exists in the simulated organizations, and what happens in them."""
