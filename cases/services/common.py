"""共性诉求: what several enterprises ask is studied once, and settled once for all of them. [5.3]"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cases import guards, moves, notices, permissions
from cases.enums import CommonStatus
from cases.models import Case, CommonDemand, CommonDemandCase
from cases.selectors_together import latest_of_each_enterprise
from cases.services.together import lock_cases, refusal_of
from core import audit
from core.errors import Refused
from core.models import User
from core.transitions import lock, moving, start
from departments.models import Department

ENTERPRISES_MIN = 2


@dataclass(frozen=True)
class Common:
    """What is common to them, and who studies it. [5.3]"""

    title: str
    departments: tuple[int, ...]
    note: str = ""


def open_common(*, common: Common, case_ids: Iterable[int], actor: User, now: datetime) -> CommonDemand:
    """List a demand that several enterprises have, with their cases; the cases go their own ways as before. [5.3]

    Refuses `no_title`, `no_department`, `names_one` of them, `one_enterprise`, `in_another` for one of another item.
    """
    permissions.check_can_tie(actor)
    units = _checked(common)
    with _known_violations(), transaction.atomic():
        cases = lock_cases(set(case_ids))
        _check_names_none(common.title, "title", [case.pk for case in cases])
        if len({case.booking.enterprise_id for case in cases}) < ENTERPRISES_MIN:
            raise Refused("one_enterprise", _("共性诉求应来自两家以上企业，请再选择其他企业的诉求。"), field="cases")
        item = CommonDemand(title=common.title.strip(), note=common.note.strip(), opened_at=now, opened_by=actor)
        start(item, CommonStatus.OPEN, actor=actor, action="open_common", clause="[5.3]")
        item.departments.set(units)
        _add(item, cases, actor, now)
        notices.common_opened(item)
    return item


def change_common(*, item_id: int, common: Common, actor: User, now: datetime) -> CommonDemand:
    """Another title, other words or departments; while it is open. [5.3]

    Refuses `no_title`, `no_department`, `names_one`, `settled`.
    """
    permissions.check_can_tie(actor)
    units = _checked(common)
    with transaction.atomic():
        item = _lock_open(item_id)
        _check_names_none(common.title, "title", _shown_by(item))
        before = item.title
        item.title, item.note = common.title.strip(), common.note.strip()
        item.save(update_fields=["title", "note"])
        item.departments.set(units)
        audit.record("change_common", item, actor=actor, before=before, after=item.title, clause="[5.3]")
        notices.common_opened(item)  # those who were told are not told again
    return item


def add_to_common(*, item_id: int, case_ids: Iterable[int], actor: User, now: datetime) -> CommonDemand:
    """More cases show it. [5.3] Refuses `too_few`, `names_one`, `in_another`, `settled`."""
    permissions.check_can_tie(actor)
    with _known_violations(), transaction.atomic():
        cases = lock_cases(set(case_ids))
        item = _lock_open(item_id)
        there = set(item.entries.filter(removed_at__isnull=True).values_list("case_id", flat=True))
        fresh = [case for case in cases if case.pk not in there]
        if not fresh:
            raise Refused("too_few", _("请选择要列入的诉求。"), field="cases")
        _check_names_none(item.title, "cases", [case.pk for case in fresh])
        _add(item, fresh, actor, now)
    return item


def _add(item: CommonDemand, cases: Collection[Case], actor: User, now: datetime) -> None:
    taken = CommonDemandCase.objects.filter(case__in=cases, removed_at__isnull=True).select_related("case__booking")
    for entry in taken:
        raise Refused(
            "in_another", _("%s 已列入另一项共性诉求。") % entry.case.reference, field="cases", item=entry.item_id
        )
    for case in cases:
        CommonDemandCase.objects.create(item=item, case=case, added_at=now, added_by=actor)
        audit.record("add_to_common", case, actor=actor, after=item.title, clause="[5.3]")


def take_out_of_common(*, item_id: int, case_id: int, reason: str, actor: User, now: datetime) -> CommonDemand:
    """It does not show it after all. [5.3] Refuses `no_reason`, `not_in_it`, `settled`."""
    permissions.check_can_tie(actor)
    guards.check_text(reason, "no_reason", _("请说明移出的理由。"), "reason")
    with transaction.atomic():
        (case,) = lock_cases([case_id])
        item = _lock_open(item_id)
        entry = item.entries.filter(case=case, removed_at__isnull=True).first()
        if entry is None:
            raise Refused("not_in_it", _("%s 不在这项共性诉求中。") % case.reference)
        entry.removed_at = now
        entry.save(update_fields=["removed_at"])
        audit.record("take_out_of_common", case, actor=actor, before=item.title, reason=reason, clause="[5.3]")
    return item


def settle_common(*, item_id: int, settlement: str, told: str, actor: User, now: datetime) -> CommonDemand:
    """Say how it was settled: a policy, a rule, a way of handling. Its departments hear it. [5.3]

    Each enterprise of its cases is told `told`, once, however many of the cases are its own; and anew when the item
    was taken up again and settled otherwise, because that is something else. No case is closed by it: each is answered
    and closed by itself. Refuses `no_settlement`, `not_told`, `names_one`, `already_done`.
    """
    permissions.check_can_tie(actor)
    guards.check_text(told, "not_told", _("请填写告知企业的内容。"), "told")
    guards.check_text(settlement, "no_settlement", _("请填写解决情况。"), "settlement")
    with moving(CommonDemand, item_id, moves.SETTLE_COMMON, actor=actor, reason=settlement) as item:
        _check_names_none(told, "told", _shown_by(item))
        item.settlement, item.told = settlement.strip(), told.strip()
        item.settled_at, item.settled_by = now, actor
        notices.common_settled(item)
        notices.common_solved(item, latest_of_each_enterprise(item))
    return item


def reopen_common(*, item_id: int, reason: str, actor: User, now: datetime) -> CommonDemand:
    """It was not settled after all; what was written stays, and is written over next time. [5.3]

    Refuses `no_reason`, `already_done`.
    """
    permissions.check_can_tie(actor)
    guards.check_text(reason, "no_reason", _("请说明重新推进的理由。"), "reason")
    with moving(CommonDemand, item_id, moves.REOPEN_COMMON, actor=actor, reason=reason) as item:
        item.settled_at = item.settled_by = None
    return item


def _shown_by(item: CommonDemand) -> list[int]:
    return list(item.entries.filter(removed_at__isnull=True).values_list("case_id", flat=True))


def _check_names_none(text: str, field: str, case_ids: Collection[int]) -> None:
    """What all of them are told of tells none of them who another is. [5.3] [5.4] Refuses `names_one`."""
    for name in Case.objects.filter(pk__in=case_ids).values_list("booking__company_name", flat=True):
        if name and name in text:
            raise Refused("names_one", _("标题和告知内容会发给多家企业，不能写“%s”。") % name, field=field)


def _lock_open(item_id: int) -> CommonDemand:
    item = lock(CommonDemand, item_id)
    if item.status != CommonStatus.OPEN:
        raise Refused("settled", _("该共性诉求已办结，不能再改动。"))
    return item


def _checked(common: Common) -> list[Department]:
    guards.check_text(common.title, "no_title", _("请填写共性诉求的标题。"), "title")
    units = list(Department.objects.filter(pk__in=common.departments, is_active=True))
    if not units:
        raise Refused("no_department", _("请选择研究部门。"), field="departments")
    return units


@contextmanager
def _known_violations() -> Iterator[None]:
    """A rule that two people broke at the same moment is a sentence too."""
    try:
        yield
    except IntegrityError as error:
        raise refusal_of(error) from error
