"""Checksums over what is stored, and the damage that they find."""
