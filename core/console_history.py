"""An object's past on one page: what was done (the audit trail), and which columns changed (simple_history)."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from core import trail
from core.models import AuditEntry

SHOWN_AT_MOST = 200
# Columns whose contents no history shows: contact data has its own audited look.
CONTACT_COLUMNS = frozenset({"mobile", "phone", "email", "contact", "contact_name", "representative_name"})


@dataclass(frozen=True)
class Done:
    at: datetime
    who: str
    action: trail.Text
    change: str
    reason: str
    clause: str
    subject: str


@dataclass(frozen=True)
class Change:
    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Version:
    at: datetime
    who: str
    changes: list[Change]


def who_did(entry: AuditEntry) -> str:
    return str(entry.user) if entry.user else entry.get_by_display()


def done_to(*subjects: str) -> list[Done]:
    """Newest first, of one object or of several that make up a whole."""
    entries = AuditEntry.objects.filter(subject__in=subjects).select_related("user").order_by("-id")
    return [
        Done(
            at=entry.at,
            who=who_did(entry),
            action=trail.action_label(entry.action),
            change=trail.change_of(entry),
            reason=entry.reason,
            clause=entry.clause,
            subject=entry.subject,
        )
        for entry in entries[:SHOWN_AT_MOST]
    ]


def versions_of(row: models.Model, hidden: frozenset[str] = CONTACT_COLUMNS) -> list[Version]:
    """Newest first; a version in which no column changed is left out."""
    name = getattr(row._meta, "simple_history_manager_attribute", None)
    if name is None:
        return []
    records = list(getattr(row, name).select_related("history_user")[: SHOWN_AT_MOST + 1])
    versions = []
    for newer, older in pairwise(records):
        delta = newer.diff_against(older, foreign_keys_are_objs=True)
        # What nobody types (link seeds, digests) is no news to a person, and none of their business.
        told = [change for change in delta.changes if row._meta.get_field(change.field).editable]
        changes = [_change(row, change, hidden) for change in told]
        if changes:
            versions.append(Version(newer.history_date, str(newer.history_user or _("系统任务")), changes))
    return versions


def _change(row: models.Model, change: Any, hidden: frozenset[str]) -> Change:
    column: Any = row._meta.get_field(change.field)
    if change.field in hidden:
        return Change(str(column.verbose_name), _("（内容不显示）"), _("（内容不显示）"))
    return Change(str(column.verbose_name), shown(column, change.old), shown(column, change.new))


def shown(column: Any, value: Any) -> str:
    """A column's value for a person."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, list):
        return "、".join(_one_of(column, item) for item in value) or "—"
    return str(dict(column.flatchoices or []).get(value, value))


def _one_of(column: Any, item: Any) -> str:
    """An entry of a list, or of a many-to-many column, which comes with both of its ends."""
    return str(item[column.m2m_reverse_field_name()] if isinstance(item, dict) else item)
