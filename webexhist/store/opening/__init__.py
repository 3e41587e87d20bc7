"""Opens a database: to write, or to read alone; made or brought up to date where it must be."""
