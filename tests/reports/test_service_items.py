"""The month's service-items list: made from the accepted bookings, made again, sent, kept as it was sent. [3.4]"""

import io
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from appointments import services as booking_services
from appointments.models import Booking
from core.errors import Refused
from core.models import AuditEntry, User
from notifications.models import Message
from reports import services
from reports.enums import ListStatus
from reports.models import ServiceItemsList
from reports.selectors import ACCEPTED, bookings_of_month
from reports.service_items import COLUMNS
from sessions_app.models import Sitting
from sessions_app.services import local_moment
from tests.appointments.conftest import DAY, NOW, OPENS, accept, answers, confirm, propose_solved, refuse, take
from tests.conftest import CAST, Cast
from tests.factories import make_sitting

pytestmark = [pytest.mark.clause("[3.4]"), pytest.mark.django_db]
MAKES = {"bureau_staff", "bureau_supervisor"}


@pytest.fixture
def sitting(db: None) -> Sitting:
    return make_sitting(DAY, published=True, opens_at=OPENS)


@pytest.fixture
def handled(sitting: Sitting, cast: Cast) -> Booking:
    """Accepted, joint, verified by the lead, and placed."""
    booking = accept(confirm(take(sitting, 1)), cast.bureau_staff, assisting=("市统计局",))
    verification = booking.verifications.get(is_lead=True)
    from_desk = {"way": "phone", "spoke_with": "张经理", "finding": "属实。"}
    booking_services.record_verification(
        verification_id=verification.pk, actor=cast.department_staff, now=NOW, **from_desk
    )
    booking_services.place_booking(
        booking_id=booking.pk,
        session_id=sitting.sessions.get().pk,
        meet_at=local_moment(DAY, time(9, 30)),
        actor=cast.bureau_staff,
        now=NOW,
    )
    return booking


def make(cast: Cast, month: int = 11) -> ServiceItemsList:
    return services.make_list(year=2026, month=month, actor=cast.bureau_staff, now=NOW)


def line_of(made: ServiceItemsList, number: int = 0) -> dict[str, str]:
    headings = [str(column.heading) for column in COLUMNS]
    return dict(zip(headings, made.rows[number]["cells"], strict=True))


def test_list_tells_what_was_accepted_assigned_verified_and_placed(handled: Booking, cast: Cast) -> None:
    line = line_of(make(cast))
    assert line["挂号编号"] == handled.reference
    assert (line["单一/联办"], line["责任单位"], line["协办单位"]) == ("联办", "市税务局", "市统计局")
    assert line["诉求类型/领域"] == "服务需求/税务"
    assert line["对接核实人/时间/情况"] == "部门经办 11-18 周三：属实。"
    assert line["拟坐诊场次"] == "2026年第1期 主场 2026年11月26日（周四）09:30"
    assert line["是否受理"] == "受理"
    assert {line[name] for name in ("评价", "回访", "销号日期")} == {""}


@pytest.mark.clause("[3.3]")
def test_list_holds_what_was_accepted_and_then_not_seen(sitting: Sitting, handled: Booking, cast: Cast) -> None:
    accept(confirm(take(sitting, 2)), cast.bureau_staff)
    confirm(take(sitting, 3))
    booking_services.end_sittings(local_moment(DAY, time(23)))
    unseen = [row["cells"] for row in make(cast).rows if "本期未接诊" in row["cells"]]
    assert [cells[0] for cells in unseen] == [Booking.objects.get(slot__number=2).reference]


def test_list_holds_no_contact_data(handled: Booking, cast: Cast) -> None:
    assert handled.mobile not in str(make(cast).rows)


def test_refused_demands_stand_apart_with_their_ground(sitting: Sitting, handled: Booking, cast: Cast) -> None:
    refused = refuse(confirm(take(sitting, 2)), cast.bureau_staff)
    made = make(cast)
    assert [row["cells"][0] for row in made.rows] == [handled.reference]
    (row,) = made.refused_rows
    assert row["cells"][0] == refused.reference
    assert refused.explanation in row["cells"]


def test_list_is_of_the_months_sittings_in_order_of_day_and_number(sitting: Sitting, cast: Cast) -> None:
    other = make_sitting(date(2026, 12, 10), published=True, opens_at=OPENS)
    later = make_sitting(date(2026, 11, 27), published=True, opens_at=OPENS)
    for serial, where in ((1, other), (2, later), (3, sitting), (4, sitting)):
        accept(confirm(take(where, serial)), cast.bureau_staff)
    names = [row["cells"][1] for row in make(cast).rows]
    assert names == [f"安宁第{serial}企业有限公司" for serial in (3, 4, 2)]


@pytest.mark.parametrize("month", [1, 12])
def test_list_of_a_month_without_bookings_is_refused(handled: Booking, cast: Cast, month: int) -> None:
    with pytest.raises(Refused, match="nothing_to_list"):
        make(cast, month)


def test_make_again_replaces_the_draft(sitting: Sitting, handled: Booking, cast: Cast) -> None:
    first = make(cast)
    accept(confirm(take(sitting, 2)), cast.bureau_staff)
    second = make(cast)
    assert (second.pk, second.version, len(second.rows)) == (first.pk, 1, 2)


def test_sent_list_keeps_what_was_sent_and_a_new_one_follows(sitting: Sitting, handled: Booking, cast: Cast) -> None:
    sent = services.send_list(list_id=make(cast).pk, actor=cast.bureau_staff, now=NOW)
    accept(confirm(take(sitting, 2)), cast.bureau_staff)
    following = make(cast)
    sent.refresh_from_db()
    assert (sent.status, len(sent.rows)) == (ListStatus.SENT, 1)
    assert (following.version, following.status, len(following.rows)) == (2, ListStatus.DRAFT, 2)


def test_send_tells_the_departments_that_have_a_part(handled: Booking, cast: Cast) -> None:
    services.send_list(list_id=make(cast).pk, actor=cast.bureau_staff, now=NOW)
    told = set(Message.objects.filter(kind="list_sent").values_list("recipient", flat=True))
    assert told == {"department_staff", "department_head", "other_department_staff"}


@pytest.mark.parametrize("person", CAST)
@pytest.mark.parametrize("status", ListStatus.values)
def test_send_in_every_status_by_every_role(handled: Booking, cast: Cast, status: str, person: str) -> None:
    made = make(cast)
    if status == ListStatus.SENT:
        services.send_list(list_id=made.pk, actor=cast.bureau_staff, now=NOW)
    if person not in MAKES:
        with pytest.raises(PermissionDenied):
            services.send_list(list_id=made.pk, actor=cast[person], now=NOW)
        return
    try:
        result = services.send_list(list_id=made.pk, actor=cast[person], now=NOW).status
    except Refused as refusal:
        result = refusal.code
    assert result == {"draft": "sent", "sent": "already_done"}[status]


@pytest.mark.parametrize("person", sorted(set(CAST) - MAKES))
def test_make_is_the_bureaus_alone(handled: Booking, cast: Cast, person: str) -> None:
    with pytest.raises(PermissionDenied):
        services.make_list(year=2026, month=11, actor=cast[person], now=NOW)


def exported(user: User, made: ServiceItemsList) -> Any:
    client = Client()
    client.force_login(user)
    answer = client.get(reverse("console:reports_serviceitemslist_export", args=[made.pk]))
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(answer.content))


def test_export_is_audited_and_a_department_gets_its_own_lines(sitting: Sitting, handled: Booking, cast: Cast) -> None:
    accept(confirm(take(sitting, 2)), cast.bureau_staff, lead="市统计局")
    refuse(confirm(take(sitting, 3)), cast.bureau_staff)
    made = services.send_list(list_id=make(cast).pk, actor=cast.bureau_staff, now=NOW)
    whole, own = exported(cast.bureau_staff, made), exported(cast.department_staff, made)
    assert whole.sheetnames == ["服务事项清单", "不予受理情况"]
    assert own.sheetnames == ["服务事项清单"]
    assert [sheet.max_row - 2 for sheet in (whole.active, own.active)] == [2, 1]
    assert AuditEntry.objects.filter(action="export_list").count() == 2


def test_export_writes_no_live_formula(sitting: Sitting, cast: Cast) -> None:
    accept(confirm(take(sitting, 1), answers=answers(title="=1+1", request="=cmd")), cast.bureau_staff)
    sheet = exported(cast.bureau_staff, make(cast)).active
    cell = sheet.cell(3, 5)
    assert (str(cell.value)[:4], cell.data_type) == ("=1+1", "s")


@pytest.mark.parametrize("bookings", [1, 3])
def test_month_is_read_in_a_fixed_number_of_queries(
    sitting: Sitting, cast: Cast, bookings: int, django_assert_num_queries: Any
) -> None:
    for serial in range(1, bookings + 1):
        accept(confirm(take(sitting, serial)), cast.bureau_staff, assisting=("市统计局",))
    with django_assert_num_queries(3):
        assert len(bookings_of_month(2026, 11, ACCEPTED)) == bookings


def test_january_after_december_is_another_month(cast: Cast) -> None:
    december = make_sitting(date(2026, 12, 31), published=True, opens_at=NOW - timedelta(hours=1))
    accept(confirm(take(december, 1)), cast.bureau_staff)
    assert len(bookings_of_month(2026, 12, ACCEPTED)) == 1
    assert bookings_of_month(2027, 1, ACCEPTED) == []


@pytest.mark.clause("[3.3]")
def test_list_names_the_unit_that_solved_the_matter_before_it_recorded_its_contact(
    sitting: Sitting, cast: Cast
) -> None:
    booking = accept(confirm(take(sitting, 1)), cast.bureau_staff)
    propose_solved(booking, cast.department_staff)
    booking_services.confirm_solved(booking_id=booking.pk, actor="holder", now=NOW)
    line = line_of(make(cast))
    assert (line["责任单位"], line["现场结果"]) == ("市税务局", "对接中已解决")
