"""How many of something there are, as a sentence says it."""


def quantity(number: int, thing: str, things: str = "") -> str:
    """ "1 day", "2,400 days", "0 days"; `things` are several where an s does not make them: "3 people"."""
    return f"{number:,} {thing if number == 1 else things or f'{thing}s'}"
