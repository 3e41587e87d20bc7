"""What is stored, read as typed rows."""
