"""Screens in the hall: made with a link that is shown once, and revoked. [3.6]"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from appointments import permissions
from appointments.models import BoardDevice
from core import audit, secrets
from core.errors import AlreadyDone
from core.models import User
from core.transitions import lock

# A screen asks every few seconds; its last sign of life is written no more often than this.
SEEN_EVERY = timedelta(minutes=1)


def make_board(*, name: str, actor: User, now: datetime) -> tuple[BoardDevice, str]:
    """A screen and the secret of its address, which is kept nowhere: it is shown this once. [3.6]"""
    permissions.check_can_manage_boards(actor)
    secret = secrets.new_secret()
    with transaction.atomic():
        board = BoardDevice.objects.create(
            name=name, secret_digest=secrets.digest(secret), created_by=actor, created_at=now
        )
        audit.record("make_board", board, actor=actor, after=name)
    return board, secret


def revoke_board(*, board_id: int, actor: User, now: datetime) -> BoardDevice:
    """The link shows nothing from now on. Refuses `already_done`. [3.6]"""
    permissions.check_can_manage_boards(actor)
    with transaction.atomic():
        board = lock(BoardDevice, board_id)
        if board.revoked_at:
            raise AlreadyDone("already_done", _("该大屏此前已停用。"))
        board.revoked_at = now
        board.save(update_fields=["revoked_at"])
        audit.record("revoke_board", board, actor=actor, before=board.name)
    return board


def board_seen(*, board: BoardDevice, now: datetime) -> None:
    """A sign of life, at most one a minute."""
    if board.last_seen_at is None or now - board.last_seen_at >= SEEN_EVERY:
        BoardDevice.objects.filter(pk=board.pk).update(last_seen_at=now)
