"""When a license runs out: pure numbers, without names, money or rules."""
