"""A department's inbox: what is due, what is mine, what came back. [3.7]"""

from typing import Any

import pytest
import time_machine

from cases import services
from cases.models import Case
from deadlines.models import Escalation
from sessions_app.models import Sitting
from tests.appointments.conftest import accept, confirm, take
from tests.cases.conftest import (
    OTHER,
    accept_feedback,
    ask_extension,
    give_feedback,
    hand_over,
    make_plan,
    object_to,
    part,
    return_feedback,
    working_day,
)
from tests.cases.pages import FRONT, INBOX, INBOX_QUERIES, page, section, signed_in, source
from tests.conftest import CAST, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.7]")]
SAME_START = True


@pytest.fixture(autouse=True)
def third_day(db: None) -> Any:
    """10:00 of the third working day after the consultation: the plans are due in two more."""
    with time_machine.travel(working_day(3), tick=False):
        yield


def another(sitting: Sitting, serial: int, cast: Cast, **options: Any) -> Case:
    return hand_over(accept(confirm(take(sitting, serial)), cast.bureau_staff), cast.department_head, **options)


def test_what_is_due_stands_once_for_each_case_with_light_and_next_step(joint: Case, cast: Cast) -> None:
    due = section(cast.department_staff, INBOX, "due")
    assert due.count(joint.reference) == 1
    for words in ("剩 2 个工作日", "确定办理方案", joint.booking.title, joint.booking.company_name, "反馈办理情况"):
        assert words in due, words
    assert f"/console/cases/case/{joint.pk}/change/" in source(cast.department_staff, INBOX)


def test_the_most_urgent_stands_first(case: Case, sitting: Sitting, cast: Cast) -> None:
    other = another(sitting, 2, cast)
    make_plan(part(case), cast.department_staff)
    due = section(cast.department_staff, INBOX, "due")
    assert due.index(other.reference) < due.index(case.reference)
    assert "反馈办理情况" in due[due.index(other.reference) :]


def test_a_department_sees_its_own_alone(joint: Case, cast: Cast) -> None:
    due = section(cast.other_department_staff, INBOX, "due")
    assert joint.reference in due
    assert "责任分工" not in due


def test_mine_is_where_i_am_the_handler(case: Case, cast: Cast) -> None:
    assert case.reference not in section(cast.department_staff, INBOX, "mine")
    make_plan(part(case), cast.department_staff)
    mine = section(cast.department_staff, INBOX, "mine")
    assert case.reference in mine
    assert "反馈办理情况" in mine
    assert case.reference not in section(cast.department_head, INBOX, "mine")


def test_mine_waits_while_the_bureau_checks_and_goes_when_it_accepts(case: Case, cast: Cast) -> None:
    make_plan(part(case), cast.department_staff)
    give_feedback(part(case), cast.department_staff)
    assert "等待审核" in section(cast.department_staff, INBOX, "mine")
    assert case.reference not in section(cast.department_staff, INBOX, "due")
    accept_feedback(part(case), cast.bureau_staff)
    assert case.reference not in page(cast.department_staff, INBOX)


def test_returned_feedback_comes_back_with_its_reason_until_it_is_given_again(case: Case, cast: Cast) -> None:
    make_plan(part(case), cast.department_staff)
    give_feedback(part(case), cast.department_staff)
    return_feedback(part(case), cast.bureau_staff)
    back = section(cast.department_staff, INBOX, "back")
    for words in ("反馈退回", "未附凭证。", "反馈办理情况", case.reference, cast.bureau_staff.full_name):
        assert words in back, words
    give_feedback(part(case), cast.department_staff)
    assert case.reference not in section(cast.department_staff, INBOX, "back")


def test_refused_extension_comes_back_until_another_is_asked_for(case: Case, cast: Cast) -> None:
    make_plan(part(case), cast.department_staff)
    extension = ask_extension(part(case), cast.department_staff, now=working_day(4))
    services.refuse_extension(
        extension_id=extension.pk, note="材料已齐。", actor=cast.bureau_supervisor, now=working_day(5)
    )
    back = section(cast.department_staff, INBOX, "back")
    assert "延期未获同意" in back
    assert "材料已齐。" in back
    ask_extension(part(case), cast.department_staff, now=working_day(6))
    assert "延期未获同意" not in page(cast.department_staff, INBOX)


def test_dismissed_objection_comes_back_until_the_plan_is_made(case: Case, cast: Cast) -> None:
    objection = object_to(part(case), cast.department_staff)
    services.dismiss_objection(
        objection_id=objection.pk, note="属税务职责。", actor=cast.bureau_supervisor, now=working_day(1)
    )
    back = section(cast.department_staff, INBOX, "back")
    assert all(words in back for words in ("异议不成立", "属税务职责。", "确定办理方案"))
    make_plan(part(case), cast.department_staff)
    assert "异议不成立" not in page(cast.department_staff, INBOX)


def test_of_one_part_the_newest_answer_comes_back(case: Case, cast: Cast) -> None:
    objection = object_to(part(case), cast.department_staff)
    services.dismiss_objection(
        objection_id=objection.pk, note="属税务职责。", actor=cast.bureau_supervisor, now=working_day(1)
    )
    extension = ask_extension(part(case), cast.department_staff, now=working_day(2))
    services.refuse_extension(
        extension_id=extension.pk, note="期限足够。", actor=cast.bureau_supervisor, now=working_day(3)
    )
    text = page(cast.department_staff, INBOX)
    assert "延期未获同意" in text
    assert "异议不成立" not in text


def test_the_bureau_finds_what_it_rules_on_and_checks(case: Case, cast: Cast) -> None:
    make_plan(part(case), cast.department_staff)
    ask_extension(part(case), cast.department_staff, now=working_day(3))
    due = section(cast.bureau_staff, INBOX, "due")
    assert "审批延期申请" in due
    assert case.reference in due
    assert "反馈办理情况" not in due


def test_a_reminder_is_taken_up_from_the_inbox_by_who_was_told(case: Case, cast: Cast) -> None:
    with time_machine.travel(working_day(5).replace(hour=9), tick=False):
        services.remind(working_day(5))
        reminder = Escalation.objects.get(obligation__kind="plan")
        button = f"/console/deadlines/escalation/{reminder.pk}/do/acknowledge/"
        assert button in source(cast.department_head, INBOX)
        assert "尚未签收" in page(cast.department_staff, INBOX)
        assert signed_in(cast.department_staff).post(button, {"note": "今日定方案"}).status_code == 302
        assert button not in source(cast.department_head, INBOX)


@pytest.mark.parametrize("who", CAST)
def test_inbox_is_for_who_handles_cases(who: str, cast: Cast) -> None:
    handles = who.startswith(("bureau", "department", "other"))
    assert signed_in(cast[who]).get(INBOX).status_code == (200 if handles else 403)
    assert ("办理收件箱" in page(cast[who], FRONT)) == handles


@pytest.mark.parametrize("rows", [1, 3])
def test_inbox_costs_the_same_at_any_length(
    rows: int, sitting: Sitting, cast: Cast, django_assert_num_queries: Any
) -> None:
    for serial in range(1, rows + 1):
        made = another(sitting, serial, cast, assisting=(OTHER,))
        make_plan(part(made), cast.department_staff)
        extension = ask_extension(part(made), cast.department_staff, days=25, now=working_day(2))
        services.refuse_extension(
            extension_id=extension.pk, note="材料已齐。", actor=cast.bureau_supervisor, now=working_day(3)
        )
    client = signed_in(cast.department_staff)
    client.get(INBOX)
    with django_assert_num_queries(INBOX_QUERIES):
        assert client.get(INBOX).status_code == 200


def test_front_page_counts_cases_by_light(joint: Case, cast: Cast) -> None:
    front = page(cast.department_staff, FRONT)
    assert "办理中的诉求 1 件" in front
    assert "临近 1 件" in front
    with time_machine.travel(working_day(6), tick=False):
        assert "超期 1 件" in page(cast.bureau_staff, FRONT)
    assert "办理中的诉求" not in page(cast.system_administrator, FRONT)


def test_front_page_of_a_department_counts_what_came_back(case: Case, cast: Cast) -> None:
    assert "退回和未获同意的 没有退回的反馈或未获同意的申请。" in page(cast.department_staff, FRONT)
    make_plan(part(case), cast.department_staff)
    give_feedback(part(case), cast.department_staff)
    return_feedback(part(case), cast.bureau_staff)
    assert "退回和未获同意的 1" in page(cast.department_staff, FRONT)
