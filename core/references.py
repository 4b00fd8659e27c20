"""The number that people read to each other on the phone."""

import secrets

# Without 0, 1, I, L, O: read aloud, and typed from a screenshot.
CHARACTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def draw_reference(prefix: str) -> str:
    """26-24-7KQ4A: the prefix, and five characters of 28 million. Whoever inserts it draws again when it is taken."""
    return f"{prefix}-{''.join(secrets.choice(CHARACTERS) for _place in range(5))}"
