"""Who visits, and how an expected answer is written down."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.conftest import CAST

NOBODY = frozenset({"nobody"})
STAFF = frozenset(CAST)
BUREAU = frozenset({"bureau_staff", "bureau_supervisor"})
SUPERVISOR = frozenset({"bureau_supervisor"})
DESK = BUREAU | {"window_clerk"}
UNIT = frozenset({"department_staff", "department_head"})
HEAD = frozenset({"department_head"})
OTHER_UNIT = frozenset({"other_department_staff"})
INSPECTION = frozenset({"inspector", "inspection_approver"})
APPROVER = frozenset({"inspection_approver"})
LEADER = frozenset({"leader"})
ADMINISTRATOR = frozenset({"system_administrator"})
SECURITY = frozenset({"security_officer"})
AUDITOR = frozenset({"auditor"})
PLACING = BUREAU | UNIT | OTHER_UNIT
BUSINESS = DESK | UNIT | OTHER_UNIT | INSPECTION | LEADER
NONE: frozenset[str] = frozenset()

Answer = tuple[frozenset[str], int, int]

# For `model`: of what is one unit's, another finds neither the page nor the past.
OF_ONE_UNIT: dict[str, tuple[Answer, ...]] = {
    "page": ((OTHER_UNIT, 302, 403),),
    "past": ((OTHER_UNIT, 403, 403),),
}


@dataclass(frozen=True)
class Row:
    route: str
    answers: tuple[Answer, ...]
    arguments: dict[str, str] = field(default_factory=dict)

    def expected(self, who: str, method: str) -> int:
        """The first answer for this visitor."""
        _people, get, post = next(answer for answer in self.answers if who in answer[0])
        return get if method == "get" else post


def public(route: str, get: int, post: int, **arguments: str) -> Row:
    """The same for everybody, signed in or not."""
    return Row(route, ((NOBODY | STAFF, get, post),), arguments)


def console(route: str, *answers: Answer, **arguments: str) -> Row:
    """Nobody is led to the sign-in page; a member of staff without an answer of their own is forbidden."""
    others = ((NOBODY, 302, 302), (STAFF, 403, 403))
    return Row(f"console/{route}", (*answers, *others), arguments)


def model(
    path: str,
    subject: str,
    *,
    view: frozenset[str],
    add: frozenset[str] = NONE,
    change: frozenset[str] = NONE,
    verbs: Iterable[tuple[Any, ...]] = (),
    listed: tuple[Answer, ...] = (),
    page: tuple[Answer, ...] = (),
    past: tuple[Answer, ...] = (),
) -> list[Row]:
    """The addresses of a kind of object. `listed`, `page` and `past` come before the usual answers of those pages.

    A verb: its name, who may, and what a press with nothing typed answers; then the answers to others. Nothing is ever
    deleted.
    """
    one = {"object_id": subject}
    rows = [
        console(f"{path}/", *listed, (view, 200, 200)),
        console(f"{path}/add/", (add, 200, 200)),
        console(f"{path}/<path:object_id>/", (STAFF, 302, 302), **one),
        console(f"{path}/<path:object_id>/change/", *page, (change, 200, 200), (view, 200, 403), **one),
        console(f"{path}/<path:object_id>/history/", *past, (view, 200, 200), **one),
        console(f"{path}/<path:object_id>/delete/", **one),
    ]
    if path != "auth/group":
        do = f"{path}/<path:object_id>/do/<slug:verb>/"
        rows.append(console(do, verb="nothing", **one))
        rows += [console(do, (who, 200, post), *more, verb=verb, **one) for verb, who, post, *more in verbs]
    return rows
