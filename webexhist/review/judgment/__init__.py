"""What follows from a history for a license manager: allowance, True Forward, cost, decisions."""
