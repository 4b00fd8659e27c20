"""A day that moves by itself, by no ruling: the department hears of it, the enterprise what concerns it. [3.7]"""

from datetime import date

import pytest

from cases import services
from cases.models import Case
from core import audit
from core.calendar_table import from_json
from core.services_calendar import import_year, in_force
from core.workdays import due_date
from deadlines.models import Revision
from deadlines.services import recompute_after_calendar
from notifications.models import Message
from tests.cases.conftest import (
    DAY,
    ask_extension,
    give_feedback,
    grant,
    make_plan,
    part,
    return_feedback,
    working_day,
)
from tests.conftest import Cast
from tests.factories import department

pytestmark = [pytest.mark.clause("[3.7]"), pytest.mark.django_db]
SAME_START = True
# A Wednesday within the fifteen working days after the consultation.
HOLIDAY = date(2026, 12, 9)


def new_holiday(cast: Cast) -> None:
    version = in_force(2026)
    assert version is not None
    exceptions = dict(from_json(version.exceptions)) | {HOLIDAY: ("holiday", "临时")}
    import_year(
        year=2026, exceptions=exceptions, document_number="国办发明电〔2026〕9号", actor=cast.bureau_supervisor
    )
    recompute_after_calendar(now=working_day(3), actor=audit.SYSTEM)


def told(kind: str) -> list[Message]:
    return list(Message.objects.filter(kind=kind).order_by("pk"))


def test_a_calendar_that_moves_the_feedback_is_told_to_department_and_enterprise_once(case: Case, cast: Cast) -> None:
    before = due_date(DAY, 15).due
    new_holiday(cast)
    assert Revision.objects.filter(number=2, before=before, cause="calendar").count() == 1
    for _sweep in range(2):
        services.remind(working_day(3))
    (message,) = told("case_moved")
    after = due_date(DAY, 15).due
    assert after > before
    assert all(word in message.text for word in (case.reference, f"{after.month}月{after.day}日", "放假安排调整"))
    assert case.booking.title not in message.text
    assert {row.recipient for row in told("deadline_moved")} == {"department_staff"}


def test_of_a_joint_case_the_enterprise_hears_once(joint: Case, cast: Cast) -> None:
    new_holiday(cast)
    services.remind(working_day(3))
    assert len(told("case_moved")) == 1


def test_a_plan_that_moves_is_the_departments_affair(case: Case, cast: Cast) -> None:
    make_plan(part(case), cast.department_staff)
    give_feedback(part(case), cast.department_staff, now=working_day(3))
    new_holiday(cast)
    services.remind(working_day(3))
    assert not told("case_moved")


def test_another_legal_limit_and_a_case_that_becomes_joint_are_told(case: Case, cast: Cast) -> None:
    services.override_limit(
        case_id=case.pk, working_days=30, legal_basis="统计法第七条", actor=cast.bureau_staff, now=working_day(1)
    )
    services.remind(working_day(2))
    services.make_joint(
        case_id=case.pk,
        assisting=(department("市统计局").pk,),
        reason="涉及统计口径",
        actor=cast.bureau_staff,
        now=working_day(2),
    )
    services.remind(working_day(3))
    assert "另有法定时限" in told("case_moved")[0].text


def test_what_was_granted_or_returned_is_not_told_to_the_enterprise_again(case: Case, cast: Cast) -> None:
    make_plan(part(case), cast.department_staff)
    grant(
        ask_extension(part(case), cast.department_staff, now=working_day(2)),
        cast.bureau_supervisor,
        now=working_day(2),
    )
    services.remind(working_day(3))
    give_feedback(part(case), cast.department_staff, now=working_day(4))
    return_feedback(part(case), cast.bureau_staff, now=working_day(20))
    services.remind(working_day(20))
    assert len(told("case_extended")) == 1
    assert not told("case_moved")
