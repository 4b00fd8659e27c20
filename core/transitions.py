"""The one place where a status moves."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import AlreadyDone, Refused

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Move:
    """A named way from some statuses to one. Data only: who may and when is asked inside the verb."""

    name: str
    label: Any
    sources: tuple[str, ...]
    target: str
    clause: str


def lock(model: type[Row], pk: Any) -> Row:
    """The row, read afresh under its lock. Refuses `gone` when it does not exist.

    `no_key`: a child row that only points here (a booking at its sitting) may be inserted meanwhile.
    """
    try:
        return model._default_manager.select_for_update(of=("self",), no_key=True).get(pk=pk)
    except ObjectDoesNotExist:
        raise Refused("gone", _("该记录不存在，可能已被删除。请刷新页面后重试。")) from None


@contextmanager
def moving(model: type[Row], pk: Any, move: Move, *, actor: audit.Actor, reason: str = "") -> Iterator[Row]:
    """Lock the row, check that the move may start there, hand it out, then write status, changes and audit row.

    Refuses `already_done` when the row stands at the target, `wrong_status` when it stands elsewhere.
    Parents are locked by the caller before.
    """
    with transaction.atomic():
        row: Any = lock(model, pk)
        check_source(row, move)
        before = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
        status_before = row.status
        yield row
        row.status = move.target
        _save_changes(row, before)
        audit.record(
            move.name, row, actor=actor, before=status_before, after=move.target, reason=reason, clause=move.clause
        )


def start(row: Any, status: str, *, actor: audit.Actor, action: str, clause: str, reason: str = "") -> Any:
    """Insert a row in its first status, with its audit row; inside a caller's transaction, all of it or none."""
    with transaction.atomic(savepoint=False):
        row.status = status
        row.save(force_insert=True)
        audit.record(action, row, actor=actor, after=status, reason=reason, clause=clause)
    return row


def move_all(rows: models.QuerySet[Any], move: Move) -> int:
    """Move those that may start where they stand, in one statement; returns how many.

    For rows that only machines run, without a history and an audit trail of their own: what moves them is recorded on
    the object they belong to, whose lock the caller holds.
    """
    if hasattr(rows.model._meta, "simple_history_manager_attribute"):
        raise TypeError("A row with a history moves by itself.")
    return rows.filter(status__in=move.sources).update(status=move.target)


def check_source(row: Any, move: Move) -> None:
    """Pass when the move may start where the row stands; refuses `already_done` or `wrong_status`."""
    if row.status in move.sources:
        return
    if row.status == move.target:
        raise AlreadyDone("already_done", _("此前已完成“%(move)s”，无需重复操作。") % {"move": move.label})
    raise Refused(
        "wrong_status",
        _("当前状态为“%(status)s”，不能“%(move)s”。") % {"status": row.get_status_display(), "move": move.label},
        status=row.status,
    )


def _save_changes(row: Row, before: dict[str, Any]) -> None:
    """Write the columns that changed and no others, so that a concurrent write to another column survives."""
    changed = [f.name for f in row._meta.concrete_fields if getattr(row, f.attname) != before[f.attname]]
    if changed:
        row.save(update_fields=changed)
