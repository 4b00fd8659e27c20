"""Adding, changing and removing sessions, and numbers above five."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from core.errors import Refused
from core.models import AuditEntry
from sessions_app import services
from sessions_app.enums import SessionKind
from sessions_app.models import Session, Sitting
from sessions_app.services import ChairPlan, SessionPlan, local_moment, plan_of
from tests.conftest import Cast
from tests.factories import department, make_extra_number, make_session, make_sitting, moment

pytestmark = pytest.mark.django_db
TUESDAY, WEDNESDAY, SATURDAY = date(2026, 12, 15), date(2026, 12, 16), date(2026, 12, 19)
NOW = moment("2026-12-07 10:00")


def plan(kind: str = SessionKind.SPECIAL, day: date = WEDNESDAY, **columns: object) -> SessionPlan:
    return SessionPlan(kind, local_moment(day, time(9)), local_moment(day, time(12)), **columns)


def chair(name: str, lead: bool = False) -> ChairPlan:
    return ChairPlan(department(name).pk, is_lead=lead, leader_name="李四" if lead else "")


def refused_addition(sitting: Sitting, cast: Cast, wanted: SessionPlan, at: str = "2026-12-07 10:00") -> Refused:
    count = Session.objects.count()
    with pytest.raises(Refused) as caught:
        services.add_session(sitting_id=sitting.pk, plan=wanted, actor=cast.bureau_staff, now=moment(at))
    assert Session.objects.count() == count
    return caught.value


@pytest.mark.clause("[3.6]")
def test_add_session_keeps_place_theme_contact_and_departments(cast: Cast) -> None:
    wanted = plan(
        place="园区会议室",
        theme="用工保障",
        liaison="王五",
        liaison_phone="0871-68690000",
        chairs=(chair("市税务局", lead=True), chair("市统计局")),
    )
    made = services.add_session(sitting_id=make_sitting(TUESDAY).pk, plan=wanted, actor=cast.bureau_staff, now=NOW)
    assert plan_of(Session.objects.get(pk=made.pk)) == wanted
    assert AuditEntry.objects.get(action="add_session").clause == "[3.6]"


@pytest.mark.clause("[3.6]")
def test_add_session_without_a_place_is_held_at_the_window(cast: Cast) -> None:
    made = services.add_session(sitting_id=make_sitting(TUESDAY).pk, plan=plan(), actor=cast.bureau_staff, now=NOW)
    assert made.place.startswith("安宁市政务服务中心党建书屋开放式专窗")


@pytest.mark.clause("[3.2]")
@pytest.mark.parametrize("kind", ["special", "extra"])
def test_add_session_three_days_before_after_publication_is_added(cast: Cast, kind: str) -> None:
    sitting = make_sitting(TUESDAY, published=True)
    at = moment("2026-12-13 23:59")
    services.add_session(sitting_id=sitting.pk, plan=plan(kind), actor=cast.bureau_staff, now=at)
    assert sitting.sessions.count() == 2


@pytest.mark.clause("[3.2]")
def test_add_session_two_days_before_after_publication_is_refused(cast: Cast) -> None:
    found = refused_addition(make_sitting(TUESDAY, published=True), cast, plan(), at="2026-12-14 00:00")
    assert (found.code, found.field) == ("too_late", "day")


@pytest.mark.clause("[3.2]")
def test_add_session_two_days_before_while_planned_is_added(cast: Cast) -> None:
    sitting = make_sitting(TUESDAY)
    services.add_session(sitting_id=sitting.pk, plan=plan(), actor=cast.bureau_staff, now=moment("2026-12-14 00:00"))
    assert sitting.sessions.count() == 2


@pytest.mark.clause("[3.2]")
def test_add_session_main_after_publication_is_refused(cast: Cast) -> None:
    found = refused_addition(make_sitting(TUESDAY, published=True), cast, plan(SessionKind.MAIN))
    assert (found.code, found.field) == ("main_after_publication", "kind")


@pytest.mark.clause("[3.3]")
def test_add_session_before_the_announced_day_is_refused(cast: Cast) -> None:
    """Booking would still be open while the enterprise sits at the table."""
    found = refused_addition(make_sitting(TUESDAY, published=True), cast, plan(day=date(2026, 12, 14)))
    assert (found.code, found.field) == ("before_first_session", "day")


@pytest.mark.clause("[3.2]")
def test_add_session_to_one_called_off_is_refused(cast: Cast) -> None:
    assert refused_addition(make_sitting(TUESDAY, cancelled=True), cast, plan()).code == "cancelled"


@pytest.mark.clause("[3.2]")
def test_add_session_on_a_day_of_rest_is_refused(cast: Cast) -> None:
    assert refused_addition(make_sitting(TUESDAY), cast, plan(day=SATURDAY)).code == "not_a_working_day"


@pytest.mark.clause("[3.6]")
def test_add_session_that_ends_when_it_starts_is_refused(cast: Cast) -> None:
    wanted = replace(plan(), ends_at=local_moment(WEDNESDAY, time(9)))
    found = refused_addition(make_sitting(TUESDAY), cast, wanted)
    assert (found.code, found.field) == ("ends_before_start", "ends_at")


@pytest.mark.clause("[3.6]")
def test_add_session_with_a_department_twice_is_refused(cast: Cast) -> None:
    wanted = plan(chairs=(chair("市税务局", lead=True), chair("市税务局")))
    assert refused_addition(make_sitting(TUESDAY), cast, wanted).code == "department_twice"


@pytest.mark.clause("[3.6]")
def test_add_session_with_two_leads_is_refused(cast: Cast) -> None:
    wanted = plan(chairs=(chair("市税务局", lead=True), chair("市统计局", lead=True)))
    assert refused_addition(make_sitting(TUESDAY), cast, wanted).code == "two_leads"


@pytest.mark.clause("[3.2]")
def test_add_session_earlier_moves_the_day_of_a_planned_sitting(cast: Cast) -> None:
    sitting = make_sitting(WEDNESDAY)
    services.add_session(sitting_id=sitting.pk, plan=plan(day=TUESDAY), actor=cast.bureau_staff, now=NOW)
    sitting.refresh_from_db()
    assert sitting.day == TUESDAY


@pytest.mark.clause("[3.2]")
def test_add_session_earlier_onto_the_day_of_another_sitting_is_refused(cast: Cast) -> None:
    make_sitting(TUESDAY)
    sitting = make_sitting(WEDNESDAY)
    assert refused_addition(sitting, cast, plan(day=TUESDAY)).code == "clash"
    sitting.refresh_from_db()
    assert sitting.day == WEDNESDAY


@pytest.mark.clause("[3.2]")
@time_machine.travel(moment("2026-11-02 10:00"), tick=False)
def test_change_session_takes_a_default_publication_with_it(cast: Cast) -> None:
    sitting = services.plan_sitting(day=TUESDAY, sessions=[plan(SessionKind.MAIN, TUESDAY)], actor=cast.bureau_staff)
    assert sitting.publish_at == moment("2026-12-04 08:30")
    services.change_session(
        session_id=sitting.sessions.get().pk, plan=plan(SessionKind.MAIN, date(2026, 12, 22)), actor=cast.bureau_staff
    )
    sitting.refresh_from_db()
    assert (sitting.day, sitting.publish_at) == (date(2026, 12, 22), moment("2026-12-11 08:30"))


@pytest.mark.clause("[3.2]")
def test_change_session_leaves_a_publication_that_a_person_set(cast: Cast) -> None:
    sitting = make_sitting(TUESDAY, publish_at=moment("2026-12-01 12:00"))
    services.change_session(
        session_id=sitting.sessions.get().pk, plan=plan(SessionKind.MAIN, WEDNESDAY), actor=cast.bureau_staff
    )
    sitting.refresh_from_db()
    assert (sitting.day, sitting.publish_at) == (WEDNESDAY, moment("2026-12-01 12:00"))


@pytest.mark.clause("[3.6]")
def test_change_session_replaces_its_departments(cast: Cast) -> None:
    session = make_sitting(TUESDAY).sessions.get()
    wanted = plan(SessionKind.MAIN, TUESDAY, place="园区", chairs=(chair("市统计局", lead=True),))
    services.change_session(session_id=session.pk, plan=wanted, actor=cast.bureau_staff)
    assert plan_of(Session.objects.get(pk=session.pk)) == wanted


def test_change_session_with_the_same_departments_leaves_no_history_of_them(cast: Cast) -> None:
    session = make_sitting(TUESDAY).sessions.get()
    kept = session.chairs.get()
    wanted = replace(plan_of(session), theme="惠企政策")
    services.change_session(session_id=session.pk, plan=wanted, actor=cast.bureau_staff)
    assert session.chairs.get().pk == kept.pk


@pytest.mark.clause("[3.2]")
def test_remove_planned_session_after_publication_is_refused(cast: Cast) -> None:
    session = make_sitting(TUESDAY, published=True).sessions.get()
    with pytest.raises(Refused) as caught:
        services.remove_planned_session(session_id=session.pk, actor=cast.bureau_staff)
    assert caught.value.code == "already_published"
    assert Session.objects.filter(pk=session.pk).exists()


@pytest.mark.clause("[3.2]")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"place": "安宁产业园区管委会"}, "tells_holders"),
        ({"kind": "special"}, "tells_holders"),
        ({"chairs": ()}, "no_leader"),
    ],
)
def test_change_session_after_publication_that_people_must_be_told_of_is_refused(
    cast: Cast, changes: dict[str, Any], code: str
) -> None:
    session = make_sitting(TUESDAY, published=True).sessions.get()
    wanted = replace(plan_of(session), **changes)
    with pytest.raises(Refused) as caught:
        services.change_session(session_id=session.pk, plan=wanted, actor=cast.bureau_staff)
    assert caught.value.code == code


@pytest.mark.clause("[3.6]")
def test_change_session_after_publication_may_name_another_leader(cast: Cast) -> None:
    session = make_sitting(TUESDAY, published=True).sessions.get()
    chair = session.chairs.get()
    other = ChairPlan(chair.department_id, True, "李四", "局长")
    wanted = replace(plan_of(session), chairs=(other,))
    services.change_session(session_id=session.pk, plan=wanted, actor=cast.bureau_staff)
    assert session.chairs.get().leader_name == "李四"


def test_remove_planned_session_keeps_its_history(cast: Cast) -> None:
    sitting = make_sitting(TUESDAY, sessions=("main", "special"))
    special = sitting.sessions.get(kind="special")
    services.remove_planned_session(session_id=special.pk, actor=cast.bureau_staff)
    assert list(sitting.sessions.values_list("kind", flat=True)) == ["main"]
    assert Session.history.filter(id=special.pk, history_type="-").count() == 1
    assert AuditEntry.objects.get(action="remove_session").before == str(special)


def test_remove_planned_session_twice_is_told_gone(cast: Cast) -> None:
    session = make_sitting(TUESDAY).sessions.get()
    services.remove_planned_session(session_id=session.pk, actor=cast.bureau_staff)
    with pytest.raises(Refused) as caught:
        services.remove_planned_session(session_id=session.pk, actor=cast.bureau_staff)
    assert caught.value.code == "gone"


@pytest.mark.clause("[5.1]")
@pytest.mark.parametrize("who", ["window_clerk", "department_head", "inspector", "leader", "system_administrator"])
def test_sessions_by_who_does_not_plan_are_denied(cast: Cast, who: str) -> None:
    sitting = make_sitting(TUESDAY)
    session = sitting.sessions.get()
    with pytest.raises(PermissionDenied):
        services.add_session(sitting_id=sitting.pk, plan=plan(), actor=cast[who], now=NOW)
    with pytest.raises(PermissionDenied):
        services.change_session(session_id=session.pk, plan=plan(), actor=cast[who])
    with pytest.raises(PermissionDenied):
        services.remove_planned_session(session_id=session.pk, actor=cast[who])
    assert sitting.sessions.count() == 1


@pytest.mark.clause("[3.6]")
def test_add_extra_slot_is_the_next_number_of_an_extra_session(cast: Cast) -> None:
    sitting = make_sitting(TUESDAY, published=True)
    extra = make_session(sitting, "extra")
    make_extra_number(extra)
    slot = services.add_extra_slot(session_id=extra.pk, actor=cast.bureau_staff)
    assert (slot.number, slot.session) == (7, extra)


@pytest.mark.clause("[3.6]")
@pytest.mark.parametrize(
    ("kind", "published", "code"), [("special", True, "not_extra"), ("extra", False, "not_published")]
)
def test_add_extra_slot_elsewhere_is_refused(cast: Cast, kind: str, published: bool, code: str) -> None:
    session = make_session(make_sitting(TUESDAY, published=published), kind)
    with pytest.raises(Refused) as caught:
        services.add_extra_slot(session_id=session.pk, actor=cast.bureau_staff)
    assert caught.value.code == code


@pytest.mark.clause("[3.2]")
def test_shift_sessions_keeps_hours() -> None:
    sitting = make_sitting(TUESDAY, sessions=("main", "special"))
    services.shift_sessions(sitting, 7)
    sitting.refresh_from_db()
    starts = set(sitting.sessions.values_list("starts_at", flat=True))
    assert starts == {moment("2026-12-22 09:00")}
