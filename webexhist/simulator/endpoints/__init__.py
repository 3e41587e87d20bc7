"""What the service answers on each path; one module a family."""
