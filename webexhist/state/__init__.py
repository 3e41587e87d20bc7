"""What lives in state_dir: private files, the tokens' file and its lock, the performance log, the last run."""
