"""Access tokens: what they permit, and how a client gets them."""
