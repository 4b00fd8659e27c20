"""The enterprise's page once its demand is a case: where it stands, who handles it, each day and why. [3.7]"""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from appointments.models import Booking, PressureReport
from cases import services
from cases.enums import Outcome, Result
from cases.models import Case
from core.workdays import due_date
from sessions_app.models import Sitting
from tests.appointments.conftest import accept, confirm, take
from tests.cases.conftest import (
    DAY,
    LEAD,
    OTHER,
    SEEN,
    accept_feedback,
    ask_extension,
    booking,
    case,
    cast,
    close,
    close_at_once,
    done,
    give_feedback,
    grant,
    hand_over,
    joint,
    kept_start,
    make_plan,
    own_start,
    part,
    plan,
    return_feedback,
    sitting,
    working_day,
)
from tests.conftest import Cast
from tests.factories import department, moment

__all__ = ["booking", "case", "cast", "joint", "kept_start", "own_start", "sitting"]
SAME_START = True
pytestmark = [pytest.mark.clause("[3.7]"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """The morning after the consultation."""
    with time_machine.travel(moment("2026-11-27 10:00"), tick=False) as traveller:
        cache.clear()
        yield traveller


@pytest.fixture
def client() -> Client:
    """As strict as a real server: a public form must work without a token and without a cookie."""
    return Client(enforce_csrf_checks=True)


def own(row: Booking | Case) -> str:
    booking = row.booking if isinstance(row, Case) else row
    return f"/b/{booking.ticket_secret}/"


def page(client: Client, row: Booking | Case) -> str:
    answer: HttpResponse = client.get(own(row))
    assert answer.status_code == 200
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


def stages(html: str) -> list[str]:
    """`done`, `now` or `todo` of each stage, in order."""
    line = html.partition('<ol class="way"')[2].partition("</ol>")[0]
    return [part.partition('"')[0] for part in line.split('<li class="')[1:]]


def test_one_address_shows_the_slip_and_then_the_case(client: Client, booking: Booking, cast: Cast) -> None:
    assert "挂号单 1 号" in page(client, booking)
    hand_over(booking, cast.department_head)
    shown = page(client, booking)
    assert "办理单" in shown
    assert "挂号单 1 号" not in shown
    assert booking.reference in shown


def test_unknown_address_is_not_found(client: Client, case: Case) -> None:
    assert client.get(f"/b/{'a' * 26}/").status_code == 404
    assert client.get(f"/b/{case.booking.checkin_secret}/").status_code == 404


def test_case_says_which_department_by_when_and_never_who(client: Client, case: Case, cast: Cast) -> None:
    make_plan(part(case), cast.department_staff)
    shown = page(client, case)
    assert f"{LEAD}正在办理。" in shown
    assert "2026年12月17日（周四，含当日）</time>前" in shown
    assert "剩 14 个工作日" in shown
    for person in (cast.department_staff, cast.department_head):
        assert person.full_name not in shown
        assert person.username not in shown
    assert "约企业补正材料" not in shown  # the plan is between the department and the bureau


def test_why_this_day_is_said_in_plain_words(client: Client, case: Case) -> None:
    shown = page(client, case)
    assert "为什么是这一天" in shown
    for sentence in (
        "依据工作方案第三部分第（七）项，时限为 15 个工作日。",
        "自2026年11月26日（周四）起算，当日不计入",
        "其间休息日 6 天不计：11月28日至11月29日 周末",
        "第 15 个工作日为2026年12月17日（周四）",
    ):
        assert sentence in shown
    assert "[3.7]" not in shown
    assert "第 15 个工作日</td>" in shown
    assert "不计，周末" in shown


def test_departments_with_the_same_day_are_said_once(client: Client, joint: Case) -> None:
    shown = page(client, joint)
    assert shown.count("<h3>反馈办理情况</h3>") == 1
    assert f"{LEAD}、{OTHER}" in shown
    assert "牵头" in shown
    assert "协办" in shown


def test_extension_shows_old_and_new_day_and_its_reason(client: Client, joint: Case, cast: Cast) -> None:
    grant(ask_extension(part(joint), cast.department_staff, days=25), cast.bureau_supervisor, days=25)
    shown = page(client, joint)
    assert "经批准延期" in shown
    assert "由2026年12月24日（周四）调整为2026年12月31日（周四）" in shown
    assert "说明：需上级核定" in shown
    # Whoever was not given more time keeps its own day.
    assert shown.count("<h3>反馈办理情况</h3>") == 2


def test_asked_extension_is_not_said_before_it_is_granted(client: Client, case: Case, cast: Cast) -> None:
    ask_extension(part(case), cast.department_staff)
    assert "需上级核定" not in page(client, case)


def test_another_law_is_named_with_its_basis(client: Client, case: Case, cast: Cast) -> None:
    services.override_limit(
        case_id=case.pk, working_days=30, legal_basis="《税收征收管理法》第五十一条", actor=cast.bureau_staff, now=SEEN
    )
    shown = page(client, case)
    assert "本件适用法律法规另行规定的时限：依据《税收征收管理法》第五十一条，30 个工作日。" in shown
    assert "法律法规另有规定" in shown


def test_joint_later_says_why_and_not_what_the_bureau_wrote(client: Client, case: Case, cast: Cast) -> None:
    services.make_joint(
        case_id=case.pk, assisting=(department(OTHER).pk,), reason="统计口径争议", actor=cast.bureau_staff, now=SEEN
    )
    shown = page(client, case)
    assert "增加协办部门，按多部门联办计算" in shown
    assert OTHER in shown
    assert "统计口径争议" not in shown


def test_returned_feedback_is_a_new_day_without_the_bureaus_note(client: Client, case: Case, cast: Cast) -> None:
    make_plan(part(case), cast.department_staff)
    give_feedback(part(case), cast.department_staff, now=working_day(14))
    return_feedback(part(case), cast.bureau_staff, now=working_day(16))
    shown = page(client, case)
    assert "需进一步办理" in shown
    assert "未附凭证" not in shown


def test_promised_day_is_one_of_its_own_with_its_reason(client: Client, case: Case, cast: Cast) -> None:
    make_plan(part(case), cast.department_staff, day=due_date(DAY, 18).due, why_later="需会同上级核定")
    shown = page(client, case)
    assert "<h3>按承诺完成</h3>" in shown
    assert "晚于反馈期限的原因：需会同上级核定" in shown
    later = plan(cast.department_staff, day=due_date(DAY, 19).due, why_later="还需一天")
    services.change_plan(
        assignment_id=part(case).pk, plan=later, reason="口径待定", actor=cast.department_staff, now=working_day(3)
    )
    shown = page(client, case)
    assert "承办部门调整办理方案</b>：由2026年12月22日（周二）调整为2026年12月23日（周三）" in shown
    assert "经批准延期" not in shown
    assert "口径待定" not in shown


def test_line_of_stages_follows_the_case(client: Client, case: Case, cast: Cast) -> None:
    assert stages(page(client, case)) == ["done"] * 4 + ["now"] + ["todo"] * 2
    make_plan(part(case), cast.department_staff)
    give_feedback(part(case), cast.department_staff)
    assert stages(page(client, case)) == ["done"] * 5 + ["now", "todo"]
    assert "已退税到账" not in page(client, case)  # checked before the enterprise sees it
    accept_feedback(part(case), cast.bureau_staff)
    assert "承办部门已经反馈，正在审核" in page(client, case)
    close(case, cast.bureau_supervisor)
    shown = page(client, case)
    assert stages(shown) == ["done"] * 7
    assert "退税已办结。" in shown
    assert "已解决" in shown


@pytest.mark.parametrize(("outcome", "result"), [(Outcome.SOLVED, "已解决"), (Outcome.EXPLAINED, "解释说明")])
def test_what_was_closed_on_the_spot_was_handed_to_nobody(
    client: Client, booking: Booking, cast: Cast, outcome: Outcome, result: str
) -> None:
    case = close_at_once(booking, cast.department_head, outcome, answer="当场说明政策并给予协助。")
    shown = page(client, case)
    assert stages(shown) == ["done"] * 5
    assert "交办" not in shown.partition('<ol class="way"')[2].partition("</ol>")[0]
    for words in (result, "现场答复", "当场说明政策并给予协助。"):
        assert words in shown
    # The bureau did not answer it, nor does anybody owe anything.
    assert "市政务服务局" not in shown.partition('id="answer"')[2].partition("</section>")[0]
    assert "办理期限" not in shown


def test_long_term_names_the_next_report(client: Client, case: Case, cast: Cast) -> None:
    done(case, LEAD, cast.department_staff, cast.bureau_staff)
    close(case, cast.bureau_supervisor, result=Result.LONG_TERM, next_report_on=due_date(DAY, 60).due)
    shown = page(client, case)
    assert "列入长期推进" in shown
    assert "下次报告进展的日期为2027年" in shown


def test_late_feedback_is_said_to_be_late(client: Client, case: Case, clock: Any) -> None:
    clock.move_to(working_day(17))
    shown = page(client, case)
    assert "超期 2 个工作日" in shown
    assert "反馈已超过期限" in shown


@pytest.mark.clause("[5.2]")
def test_pressure_can_be_reported_from_the_case(client: Client, case: Case) -> None:
    assert f"{own(case)}pressure/" in page(client, case)
    client.post(f"{own(case)}pressure/", {"content": "被要求撤回", "contact": ""})
    assert PressureReport.objects.get().booking == case.booking
    assert f"{own(case)}pressure/" in client.get(f"{own(case)}case/add/").content.decode()


def test_page_costs_the_same_however_many_take_part(
    client: Client, sitting: Sitting, cast: Cast, django_assert_num_queries: Any
) -> None:
    one = hand_over(accept(confirm(take(sitting, 2)), cast.bureau_staff), cast.department_head)
    three = hand_over(
        accept(confirm(take(sitting, 3)), cast.bureau_staff), cast.department_head, assisting=(OTHER, "市发改局")
    )
    for handed in (one, three):
        page(client, handed)
        with django_assert_num_queries(17):
            page(client, handed)
