"""What the service-items list says of the time after the consultation, and what departments do not get. [3.4] [5.2]"""

import io
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from appointments.models import Booking
from cases.models import Case
from core.models import User
from evaluations.enums import FollowUpStatus, Office, Origin
from evaluations.models import FollowUp, Invitation, Rating
from reports import services
from reports.after_consultation import after_of
from reports.models import ServiceItemsList
from reports.selectors import rows_visible_to
from reports.service_items import COLUMNS
from tests.cases.conftest import (
    DAY,
    SEEN,
    ask_extension,
    booking,  # noqa: F401 - fixtures of the same demand
    case,  # noqa: F401
    done,
    grant,
    joint,  # noqa: F401
    kept_start,  # noqa: F401
    make_plan,
    own_start,  # noqa: F401
    part,
    sitting,  # noqa: F401
)
from tests.conftest import Cast
from tests.reports.random_quarters import fill

pytestmark = [pytest.mark.clause("[3.4]"), pytest.mark.django_db]


def make(cast: Cast) -> ServiceItemsList:
    return services.make_list(year=DAY.year, month=DAY.month, actor=cast.bureau_staff, now=SEEN)


def line_of(made: ServiceItemsList, reader: User) -> dict[str, str]:
    (row,) = rows_visible_to(reader, made)
    return dict(zip((str(column.heading) for column in COLUMNS), row["cells"], strict=True))


def rate(case: Case, **said: bool) -> None:  # noqa: F811 - the case of that fixture
    closed = {"closed_at": SEEN, "silent_on": DAY + timedelta(days=15), "digest": uuid.uuid4().hex}
    Invitation.objects.create(case=case, round=case.round, **closed)
    if said:
        Rating.objects.create(case=case, round=case.round, rated_at=SEEN, is_late=False, **said)


def test_a_handed_over_demand_says_when_to_whom_and_by_when(case: Case, cast: Cast) -> None:  # noqa: F811
    make_plan(part(case), cast.department_staff)
    line = line_of(make(cast), cast.bureau_staff)
    assert line["现场结果"].endswith("交办")
    assert line["交办日期"]
    assert "部门经办" in line["5日节点（经办人、措施、时限）"]
    assert line["应反馈日期"]
    assert (line["实际反馈日期"], line["办理结果"], line["销号日期"]) == ("", "办理中", "")


def test_an_extension_shows_both_dates(case: Case, cast: Cast) -> None:  # noqa: F811
    make_plan(part(case), cast.department_staff)
    before = line_of(make(cast), cast.bureau_staff)["应反馈日期"]
    asked = ask_extension(part(case), cast.department_staff)
    assert "待裁定" in line_of(make(cast), cast.bureau_staff)["延期情况"]
    grant(asked, cast.bureau_supervisor)
    line = line_of(make(cast), cast.bureau_staff)
    assert line["延期情况"] == f"由 {before} 延至 {line['应反馈日期']}"


def test_a_joint_demand_has_a_line_for_each_department(joint: Case, cast: Cast) -> None:  # noqa: F811
    line = line_of(make(cast), cast.bureau_staff)
    assert line["应反馈日期"].count("\n") == 1
    assert "市统计局：待定方案" in line["5日节点（经办人、措施、时限）"]


@pytest.mark.clause("[5.2]")
@pytest.mark.parametrize(
    ("said", "expected"),
    [({"consultation": True, "handling": False}, "已评价"), ({}, "评价期内")],
)
def test_departments_get_neither_rating_nor_follow_up_and_nobody_how_it_was_rated(
    case: Case,  # noqa: F811
    cast: Cast,
    said: dict[str, bool],
    expected: str,
) -> None:
    done(case, "市税务局", cast.department_staff, cast.bureau_staff)
    case.refresh_from_db()
    Case.objects.filter(pk=case.pk).update(status="closed", result="solved", answer="已解决。", closed_at=SEEN)
    rate(case, **said)
    FollowUp.objects.create(
        case=case, round=1, origin=Origin.SAMPLE, status=FollowUpStatus.OPEN, office=Office.BUREAU, opened_at=SEEN
    )
    made = services.send_list(list_id=make(cast).pk, actor=cast.bureau_staff, now=SEEN)
    whole = {reader: line_of(made, cast[reader]) for reader in ("bureau_staff", "inspector")}
    for line in whole.values():
        assert (line["评价"], line["回访"][:3], line["办理结果"]) == (expected, "待核实", "已解决")
        assert "满意" not in str(line)
    own = line_of(made, cast.department_staff)
    assert (own["评价"], own["回访"]) == ("", "")
    assert {name: own[name] for name in own if name not in ("评价", "回访")} == {
        name: whole["inspector"][name] for name in own if name not in ("评价", "回访")
    }
    assert expected not in exported(cast.department_staff, made)
    assert expected in exported(cast.bureau_staff, made)


def exported(user: User, made: ServiceItemsList) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(reverse("console:reports_serviceitemslist_export", args=[made.pk]))
    sheet: Any = load_workbook(io.BytesIO(answer.content)).active
    return str([[cell.value for cell in row] for row in sheet.iter_rows()])


def test_silence_counts_as_satisfied_once_its_day_is_over(case: Case, cast: Cast) -> None:  # noqa: F811
    Case.objects.filter(pk=case.pk).update(status="closed", result="solved", answer="已解决。", closed_at=SEEN)
    rate(case)
    for days, expected in ((15, "评价期内"), (16, "未评价，视为满意")):
        (after,) = after_of([case.booking], DAY + timedelta(days=days)).values()
        assert after.guarded[0] == expected


@pytest.mark.parametrize("sittings", [4, 12])
def test_a_months_cases_are_read_at_once(cast: Cast, sittings: int, django_assert_num_queries: Any) -> None:
    world = fill(1, today=DAY, by=cast.bureau_staff, sittings=sittings)
    with django_assert_num_queries(9):
        assert len(after_of(world.rows[Booking], DAY)) == len(world.rows[Case])
