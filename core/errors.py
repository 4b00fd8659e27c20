"""The one exception for a rule of the notice. For a person's lack of permission, Django's PermissionDenied."""

from typing import Any


class Refused(Exception):
    """A rule forbids it now. `code` is for programs and tests, `message` is the sentence that a person reads.

    `field` names the form field the sentence belongs to, if any; `**facts` go to the page that shows it.
    """

    def __init__(self, code: str, message: Any, *, field: str | None = None, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.field = field
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class AlreadyDone(Refused):
    """The move was made before: a second click, or a retry after a lost answer. Told as good news."""
