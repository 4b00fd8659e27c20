"""Writing the audit trail, sealing it, and checking that nobody changed it."""

import hashlib
import json
from collections.abc import Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from core.models import AuditEntry, AuditSeal, User

By = AuditEntry.By
# The holder of a link, a job, or nobody signed in; a member of staff is a `User`.
HOLDER, SYSTEM, ANYONE = By.HOLDER, By.SYSTEM, By.ANYONE
Actor = User | AuditEntry.By

_address: ContextVar[str | None] = ContextVar("address", default=None)
# A row whose transaction is still open has a lower number than one already committed; wait for it before sealing.
SEAL_AFTER_SECONDS = 300


@contextmanager
def from_address(address: str | None):
    """Rows written inside carry this network address."""
    token = _address.set(address)
    try:
        yield
    finally:
        _address.reset(token)


def subject_of(row: models.Model) -> str:
    return f"{row._meta.label_lower}:{row.pk}"


def record(
    action: str,
    row: models.Model | str,
    *,
    actor: Actor,
    before: Any = "",
    after: Any = "",
    reason: str = "",
    clause: str = "",
) -> AuditEntry:
    """Append one row. `row` is the object it is about, or a key for what has none."""
    entry = _entry(action, row, actor=actor, before=before, after=after, reason=reason, clause=clause)
    entry.save(force_insert=True)
    return entry


def record_each(action: str, rows: Iterable[models.Model], *, actor: Actor, clause: str = "") -> None:
    """Append one row for each of these, in one statement: many things were looked at on one page."""
    AuditEntry.objects.bulk_create(_entry(action, row, actor=actor, clause=clause) for row in rows)


def _entry(
    action: str,
    row: models.Model | str,
    *,
    actor: Actor,
    before: Any = "",
    after: Any = "",
    reason: str = "",
    clause: str = "",
) -> AuditEntry:
    user = actor if isinstance(actor, User) else None
    return AuditEntry(
        by=By.STAFF if isinstance(actor, User) else actor,
        user=user,
        action=action,
        subject=row if isinstance(row, str) else subject_of(row),
        before=str(before)[:200],
        after=str(after)[:200],
        reason=str(reason)[:500],
        clause=clause,
        address=_address.get(),
    )


def _digest(previous: str, rows: list[AuditEntry]) -> str:
    """A hash over the rows as they stand, chained to the one before."""
    sha = hashlib.sha256(previous.encode())
    for r in rows:
        line = [r.pk, r.at.isoformat(), r.by, r.user_id, r.action, r.subject, r.before, r.after, r.reason, r.clause]
        sha.update(json.dumps([*line, r.address], ensure_ascii=False).encode())
    return sha.hexdigest()


def seal(now: datetime | None = None, batch: int = 5000) -> int:
    """Seal what is older than five minutes. Returns the number of rows sealed."""
    now = now or timezone.now()
    settled = now - timedelta(seconds=SEAL_AFTER_SECONDS)
    with transaction.atomic():
        previous = AuditSeal.objects.select_for_update(of=("self",)).order_by("last").last()
        start = previous.last if previous else 0
        rows = list(AuditEntry.objects.filter(pk__gt=start, at__lt=settled).order_by("pk")[:batch])
        if not rows:
            return 0
        AuditSeal.objects.create(
            first=rows[0].pk,
            last=rows[-1].pk,
            rows=len(rows),
            digest=_digest(previous.digest if previous else "", rows),
            sealed_at=now,
        )
    return len(rows)


def broken_seals() -> list[AuditSeal]:
    """Seals whose rows are not what they were. An untouched trail gives an empty list."""
    broken, previous = [], ""
    for stretch in AuditSeal.objects.order_by("last").iterator():
        rows = list(AuditEntry.objects.filter(pk__gte=stretch.first, pk__lte=stretch.last).order_by("pk"))
        if len(rows) != stretch.rows or _digest(previous, rows) != stretch.digest:
            broken.append(stretch)
        previous = stretch.digest
    return broken
