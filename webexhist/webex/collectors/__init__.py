"""One module a family of counts: each states its counts, the permission it needs and how it asks."""
