"""What needs a decision: one list of frozen values that pages, terminal, exports, checks and the plugin share."""
