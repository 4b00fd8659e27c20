"""Every status, every verb, every role: what happens to a message. A status or role missing fails."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.errors import Refused
from departments.enums import Role
from departments.selectors import audience_of, department_of
from notifications import services
from notifications.enums import MessageStatus
from notifications.models import Message
from notifications.moves import MOVES
from tests.conftest import CAST, Cast
from tests.notifications.conftest import NOW, SUBJECT, make_message

pytestmark = [pytest.mark.clause("[3.5]"), pytest.mark.django_db]
S = MessageStatus


def withhold(message: Message, actor: Any) -> None:
    with transaction.atomic():
        if not services.withhold(subject=SUBJECT, kinds=["booking_confirmed"]):
            raise Refused("nothing", "")


VERBS: dict[str, Callable[[Message, Any], Any]] = {
    "reached": lambda message, actor: services.record_call(
        message_id=message.pk, reached=True, note="", actor=actor, now=NOW
    ),
    "missed": lambda message, actor: services.record_call(
        message_id=message.pk, reached=False, note="无人接听", actor=actor, now=NOW
    ),
    "give_up": lambda message, actor: services.give_up_call(message_id=message.pk, note="空号", actor=actor),
    "arrived": lambda message, actor: services.settle_unknown(
        message_id=message.pk, arrived=True, note="电话核对", actor=actor, now=NOW
    ),
    "not_arrived": lambda message, actor: services.settle_unknown(
        message_id=message.pk, arrived=False, note="电话核对", actor=actor, now=NOW
    ),
    "send_again": lambda message, actor: services.send_again(message_id=message.pk, actor=actor, now=NOW),
    "reveal": lambda message, actor: services.reveal_recipient(message_id=message.pk, actor=actor, reason="告知"),
    "withhold": withhold,
    # No provider is set in the tests: what the relay takes, it fails at once.
    "relay": lambda message, actor: services.send_due(NOW),
}
# From -> verb -> the status afterwards, or the code of the refusal. What is not named stays as it is.
WRONG = {
    "reached": "wrong_status",
    "missed": "wrong_status",
    "give_up": "wrong_status",
    "arrived": "wrong_status",
    "not_arrived": "wrong_status",
    "send_again": "wrong_status",
    "reveal": "not_needed",
    "withhold": "nothing",
}
EXPECTED: dict[str, dict[str, str]] = {
    S.QUEUED: WRONG | {"send_again": "already_done", "withhold": S.WITHHELD, "relay": S.FAILED},
    S.SENDING: WRONG | {"relay": S.FAILED},
    S.SENT: WRONG | {"reached": "already_done", "arrived": "already_done", "not_arrived": "already_done"},
    S.DELIVERED: WRONG | {"arrived": "already_done", "not_arrived": "already_done"},
    S.UNKNOWN: WRONG | {"arrived": S.SENT, "not_arrived": S.FAILED, "reveal": S.UNKNOWN},
    S.TO_CALL: WRONG
    | {
        "reached": S.SENT,
        "missed": S.TO_CALL,
        "give_up": S.FAILED,
        "reveal": S.TO_CALL,
        "withhold": S.WITHHELD,
    },
    S.FAILED: WRONG | {"give_up": "already_done", "send_again": S.QUEUED, "reveal": S.FAILED},
    S.WITHHELD: WRONG,
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", MessageStatus.values)
def test_every_status_and_verb(status: str, verb: str, cast: Cast) -> None:
    message = make_message(status, attempts=3)
    try:
        VERBS[verb](message, cast.bureau_staff)
        message.refresh_from_db()
        result = str(message.status)
    except Refused as refusal:
        result = refusal.code
        message.refresh_from_db()
        assert message.status == status
    assert result == EXPECTED[status].get(verb, status)


DESK = {Role.WINDOW_CLERK, Role.BUREAU_STAFF, Role.BUREAU_SUPERVISOR}
UNIT = {Role.DEPARTMENT_STAFF, Role.DEPARTMENT_HEAD}
MAY = {
    "reached": DESK | UNIT,
    "missed": DESK | UNIT,
    "give_up": DESK | UNIT,
    "reveal": DESK | UNIT,
    "arrived": DESK,
    "not_arrived": DESK,
    "send_again": DESK,
}
STARTS_FROM = {"arrived": S.UNKNOWN, "not_arrived": S.UNKNOWN, "send_again": S.FAILED}


@pytest.mark.parametrize("verb", MAY)
@pytest.mark.parametrize("person", CAST)
def test_every_role_and_verb(person: str, verb: str, cast: Cast) -> None:
    """The message is the tax office's: its people may call, those of another department may not."""
    status = STARTS_FROM.get(verb, S.TO_CALL)
    department = department_of(cast.department_staff)
    assert department is not None
    message = make_message(status, attempts=3, audience=audience_of(department))
    role, unit = CAST[person]
    if role in MAY[verb] and (role in DESK or unit == department.name):
        VERBS[verb](message, cast[person])
        return
    with pytest.raises(PermissionDenied):
        VERBS[verb](message, cast[person])
    message.refresh_from_db()
    assert message.status == status


def test_the_tables_know_every_status_and_every_role() -> None:
    assert set(EXPECTED) == set(MessageStatus)
    assert {role for role, _department in CAST.values()} == set(Role)
    assert {status for move in MOVES for status in (*move.sources, move.target)} == set(MessageStatus)
