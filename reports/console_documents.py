"""What the console's pages of bulletins, published results and typical cases have in common."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from core.templatetags.cn import cn_short


def in_status(*statuses: str) -> Callable[[Any], bool]:
    """Whether a button is offered."""
    return lambda row: row.status in statuses


def signed(at: datetime | None, by: object) -> str:
    """When it was done and by whom; a dash while it is not done."""
    return f"{cn_short(at)} {by}" if at else "—"
