"""Prices, orders and settlements are numbered together."""

from sqlalchemy import Connection, text

_NEXT = text("""
SELECT coalesce(max(number), 0) + 1 FROM (
  SELECT number FROM price UNION ALL SELECT number FROM purchase_order UNION ALL SELECT number FROM settlement
) numbered
""")


def next_number(connection: Connection) -> int:
    """The number of what is stored next."""
    return int(connection.scalar(_NEXT) or 1)
