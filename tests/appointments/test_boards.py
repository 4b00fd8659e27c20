"""Screens in the hall: a link shown once, its hash kept, and revoked for good. [3.6]"""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from appointments import services
from appointments.models import BoardDevice
from appointments.selectors_day import board_by_secret
from core.errors import AlreadyDone
from core.models import AuditEntry
from tests.appointments.day_steps import MORNING
from tests.conftest import CAST, Cast

pytestmark = [pytest.mark.clause("[3.6]"), pytest.mark.django_db]
MAY = {"bureau_staff", "bureau_supervisor"}


def test_make_board_keeps_no_secret(cast: Cast) -> None:
    board, secret = services.make_board(name="一楼大厅", actor=cast.bureau_staff, now=MORNING)
    assert board_by_secret(secret) == board
    assert board_by_secret("a" * 26) is None
    kept = [str(value) for value in BoardDevice.objects.values().get().values()]
    kept += [entry.after + entry.before + entry.reason for entry in AuditEntry.objects.all()]
    assert not [value for value in kept if secret in value]


@pytest.mark.parametrize("person", CAST)
def test_make_and_revoke_board_by_every_role(person: str, cast: Cast) -> None:
    board, _secret = services.make_board(name="大厅", actor=cast.bureau_staff, now=MORNING)
    if person in MAY:
        services.make_board(name="二楼", actor=cast[person], now=MORNING)
        assert services.revoke_board(board_id=board.pk, actor=cast[person], now=MORNING).revoked_at == MORNING
        return
    with pytest.raises(PermissionDenied):
        services.make_board(name="二楼", actor=cast[person], now=MORNING)
    with pytest.raises(PermissionDenied):
        services.revoke_board(board_id=board.pk, actor=cast[person], now=MORNING)


def test_revoke_board_twice_is_done_already(cast: Cast) -> None:
    board, _secret = services.make_board(name="大厅", actor=cast.bureau_staff, now=MORNING)
    services.revoke_board(board_id=board.pk, actor=cast.bureau_staff, now=MORNING)
    with pytest.raises(AlreadyDone):
        services.revoke_board(board_id=board.pk, actor=cast.bureau_staff, now=MORNING + timedelta(hours=1))


def test_board_seen_writes_once_a_minute(cast: Cast) -> None:
    board, secret = services.make_board(name="大厅", actor=cast.bureau_staff, now=MORNING)
    for seconds in (0, 3, 59):
        found = board_by_secret(secret)
        assert found
        services.board_seen(board=found, now=MORNING + timedelta(seconds=seconds))
    board.refresh_from_db()
    assert board.last_seen_at == MORNING
    services.board_seen(board=board, now=MORNING + timedelta(seconds=60))
    board.refresh_from_db()
    assert board.last_seen_at == MORNING + timedelta(seconds=60)
