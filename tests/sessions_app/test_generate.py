"""A sitting every two weeks on a working day, and one put on the schedule by hand."""

from datetime import date, time

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from core.errors import Refused
from core.models import AuditEntry
from sessions_app import services
from sessions_app.enums import SessionKind, SittingStatus
from sessions_app.models import Sitting
from sessions_app.services import ChairPlan, SessionPlan, local_moment
from tests.conftest import Cast
from tests.factories import department, make_sitting, moment

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.2]")]
SEPTEMBER, OCTOBER = date(2026, 9, 15), date(2026, 10, 31)


def plan(day: date, starts: time = time(9), ends: time = time(12), **columns: object) -> SessionPlan:
    return SessionPlan(SessionKind.MAIN, local_moment(day, starts), local_moment(day, ends), **columns)


def test_fortnightly_days_come_every_fourteen_days_and_a_holiday_postpones() -> None:
    # 1 October, the third fortnight, opens the National Day holiday; the rhythm goes on from there.
    assert services.fortnightly_days(date(2026, 9, 3), OCTOBER) == [
        date(2026, 9, 3),
        date(2026, 9, 17),
        date(2026, 10, 8),
        date(2026, 10, 15),
        date(2026, 10, 29),
    ]


def test_fortnights_name_the_day_that_was_postponed() -> None:
    postponed = [pair for pair in services.fortnights(date(2026, 9, 3), OCTOBER) if pair[0] != pair[1]]
    assert postponed == [(date(2026, 10, 1), date(2026, 10, 8))]


def test_fortnights_on_a_makeup_sunday_stay_there() -> None:
    assert services.fortnights(date(2026, 9, 20), date(2026, 9, 21)) == [(date(2026, 9, 20), date(2026, 9, 20))]


def test_fortnights_postponed_past_the_end_are_left_out() -> None:
    assert services.fortnights(date(2026, 10, 1), date(2026, 10, 7)) == []


@time_machine.travel(moment("2026-08-01 10:00"), tick=False)
def test_generate_year_plans_each_with_a_main_session_like_the_first(cast: Cast) -> None:
    chair = ChairPlan(department("市税务局").pk, is_lead=True, leader_name="张三", leader_title="局长")
    main = plan(date(2026, 9, 3), time(14), time(17), place="园区会议室", chairs=(chair,))
    made = services.generate_year(first=date(2026, 9, 3), until=OCTOBER, main=main, actor=cast.bureau_staff)
    assert [sitting.number for sitting in made] == [1, 2, 3, 4, 5]
    held = made[2].sessions.get()
    assert (held.starts_at, held.ends_at) == (moment("2026-10-08 14:00"), moment("2026-10-08 17:00"))
    assert (held.place, held.chairs.get().leader_name) == ("园区会议室", "张三")
    assert all(sitting.status == SittingStatus.PLANNED for sitting in made)


@time_machine.travel(moment("2026-08-01 10:00"), tick=False)
def test_generate_year_sets_publication_eleven_days_before_on_a_working_day(cast: Cast) -> None:
    made = services.generate_year(
        first=date(2026, 9, 3), until=OCTOBER, main=plan(date(2026, 9, 3)), actor=cast.bureau_staff
    )
    # 23 August is a Sunday; 25 to 27 September, before 8 October, is the Mid-Autumn holiday.
    assert made[0].publish_at == moment("2026-08-21 08:30")
    assert made[2].publish_at == moment("2026-09-24 08:30")


def test_generate_year_over_a_taken_day_makes_nothing(cast: Cast) -> None:
    make_sitting(date(2026, 9, 17))
    with pytest.raises(Refused) as caught:
        services.generate_year(
            first=date(2026, 9, 3), until=OCTOBER, main=plan(date(2026, 9, 3)), actor=cast.bureau_staff
        )
    assert (caught.value.code, caught.value.field) == ("clash", "first")
    assert "2026年9月17日" in str(caught.value.message)
    assert Sitting.objects.count() == 1


def test_generate_year_with_impossible_hours_makes_nothing(cast: Cast) -> None:
    make_sitting(date(2026, 12, 1), year=2026, number=3)
    with pytest.raises(Refused) as caught:
        services.generate_year(
            first=date(2026, 9, 3),
            until=OCTOBER,
            main=plan(date(2026, 9, 3), time(12), time(9)),
            actor=cast.bureau_staff,
        )
    assert caught.value.code == "ends_before_start"
    assert Sitting.objects.count() == 1


def test_generate_year_without_any_day_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused) as caught:
        services.generate_year(first=OCTOBER, until=SEPTEMBER, main=plan(OCTOBER), actor=cast.bureau_staff)
    assert (caught.value.code, caught.value.field) == ("no_days", "until")


def test_generate_year_beyond_the_calendar_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused) as caught:
        services.generate_year(
            first=date(2099, 1, 5), until=date(2099, 2, 5), main=plan(date(2099, 1, 5)), actor=cast.bureau_staff
        )
    assert caught.value.code == "calendar_missing"


@pytest.mark.parametrize("who", ["window_clerk", "department_staff", "inspector", "leader", "auditor"])
def test_generate_year_by_who_does_not_plan_is_denied(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        services.generate_year(first=SEPTEMBER, until=OCTOBER, main=plan(SEPTEMBER), actor=cast[who])


def test_plan_sitting_on_a_day_of_rest_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused) as caught:
        services.plan_sitting(day=date(2026, 10, 1), actor=cast.bureau_staff)
    assert (caught.value.code, caught.value.field) == ("not_a_working_day", "day")


def test_plan_sitting_with_a_session_on_a_day_of_rest_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused) as caught:
        services.plan_sitting(
            day=SEPTEMBER, sessions=[plan(SEPTEMBER), plan(date(2026, 9, 19))], actor=cast.bureau_staff
        )
    assert caught.value.code == "not_a_working_day"


def test_plan_sitting_on_a_taken_day_is_refused(cast: Cast) -> None:
    make_sitting(SEPTEMBER)
    with pytest.raises(Refused) as caught:
        services.plan_sitting(day=SEPTEMBER, actor=cast.bureau_staff)
    assert caught.value.code == "clash"


def test_plan_sitting_on_the_day_of_one_called_off_is_planned(cast: Cast) -> None:
    make_sitting(SEPTEMBER, cancelled=True)
    assert services.plan_sitting(day=SEPTEMBER, actor=cast.bureau_staff).number == 2


def test_plan_sitting_whose_first_session_lies_on_a_taken_day_is_refused(cast: Cast) -> None:
    make_sitting(SEPTEMBER)
    with pytest.raises(Refused) as caught:
        services.plan_sitting(day=date(2026, 9, 16), sessions=[plan(SEPTEMBER)], actor=cast.bureau_staff)
    assert caught.value.code == "clash"


def test_plan_sitting_with_a_taken_number_is_refused_at_its_field(cast: Cast) -> None:
    make_sitting(SEPTEMBER, number=7)
    with pytest.raises(Refused) as caught:
        services.plan_sitting(day=date(2026, 9, 16), number=7, actor=cast.bureau_staff)
    assert (caught.value.code, caught.value.field) == ("number_taken", "number")
    assert Sitting.objects.count() == 1


@time_machine.travel(moment("2026-09-01 10:00"), tick=False)
def test_plan_sitting_too_near_for_the_default_time_waits_for_a_person(cast: Cast) -> None:
    """Nine days ahead: the sweep must not announce what was planned a minute ago."""
    sitting = services.plan_sitting(day=date(2026, 9, 10), sessions=[plan(date(2026, 9, 10))], actor=cast.bureau_staff)
    assert sitting.publish_at is None
    assert services.publish_due(moment("2026-09-01 10:01")) == []


def test_plan_sitting_leaves_who_and_when(cast: Cast) -> None:
    sitting = services.plan_sitting(day=SEPTEMBER, remarks="与园区联合", actor=cast.bureau_staff)
    entry = AuditEntry.objects.get(action="plan_sitting")
    assert (entry.user, entry.after, entry.clause) == (cast.bureau_staff, "planned", "[3.2]")
    assert (sitting.remarks, sitting.history.count()) == ("与园区联合", 1)
