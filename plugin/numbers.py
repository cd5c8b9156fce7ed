"""How many, as people write it."""


def number(count: int) -> str:
    """ "12,345"."""
    return f"{count:,}"


def several(count: int, one: str, many: str = "") -> str:
    """ "1 answer", "0 answers", "12,345 people"; *many* where it is not *one* with an s."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"
