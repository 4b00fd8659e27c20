"""How it stands today, in colour and words, for one and for a list; and whom the ladder reaches. [3.7]"""

from datetime import date
from typing import Any

import pytest

from core.models import User
from core.services import change_setting
from deadlines.enums import Light, TimerKind
from deadlines.models import Obligation
from deadlines.selectors import in_light, light_of, recipients_of, why, with_lights, words_of
from departments.enums import Role
from departments.models import Membership
from tests.conftest import Cast, make_person
from tests.deadlines.conftest import meet, owe
from tests.factories import department, moment

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.7]")]
L = Light
# Due on Thursday, 12 March 2026.
STANDS = [
    ("2026-03-03", L.ON_TRACK, "剩 7 个工作日"),
    ("2026-03-09", L.ON_TRACK, "剩 3 个工作日"),
    ("2026-03-10", L.NEAR, "剩 2 个工作日"),
    ("2026-03-11", L.NEAR, "剩 1 个工作日"),
    ("2026-03-12", L.NEAR, "今日到期"),
    ("2026-03-13", L.LATE, "超期 1 个工作日"),
    ("2026-03-14", L.LATE, "超期 1 个工作日"),
    ("2026-03-17", L.LATE, "超期 3 个工作日"),
]


@pytest.mark.parametrize(("today", "light", "words"), STANDS)
def test_light_and_words_of_an_open_one(today: str, light: Light, words: str) -> None:
    obligation, day = owe(), date.fromisoformat(today)
    assert (light_of(obligation, day), words_of(obligation, day)) == (light, words)


def test_words_around_a_rest_day_count_no_day_that_is_none() -> None:
    friday = owe("b:1", working_days=3)  # due on Friday the 6th
    assert words_of(friday, date(2026, 3, 7)) == "已超期"
    sunday = owe("b:2", no_later_than=date(2026, 3, 8))
    assert words_of(sunday, date(2026, 3, 7)) == "即将到期"
    assert light_of(sunday, date(2026, 3, 7)) == Light.NEAR


@pytest.mark.parametrize(
    ("when", "words"), [("2026-03-12 10:00", "按期办结"), ("2026-03-16 10:00", "超期 2 个工作日办结")]
)
def test_what_was_met_says_whether_in_time_for_ever(when: str, words: str) -> None:
    owe()
    met = meet(now=moment(when))
    assert met is not None
    assert (light_of(met, date(2027, 1, 4)), words_of(met, date(2027, 1, 4))) == (L.MET, words)


@pytest.mark.parametrize("today", [today for today, _light, _words in STANDS])
def test_in_light_agrees_with_light_of(today: str) -> None:
    day = date.fromisoformat(today)
    for length in range(1, 10):
        owe(f"b:{length}", working_days=length)
    meet("b:1")
    for light in Light:
        expected = {row.pk for row in Obligation.objects.all() if light_of(row, day) == light}
        assert set(in_light(Obligation.objects.all(), light, day).values_list("pk", flat=True)) == expected


@pytest.mark.parametrize("rows", [1, 3])
def test_lights_of_a_list_cost_one_query(rows: int, django_assert_num_queries: Any) -> None:
    for number in range(rows):
        owe(f"b:{number}")
    day = date(2026, 3, 10)
    light_of(Obligation.objects.first(), day)  # type: ignore[arg-type] # the settings are read once for all
    with django_assert_num_queries(1):
        found = [(light_of(row, day), words_of(row, day)) for row in with_lights(Obligation.objects.all(), day)]
    assert found == [(L.NEAR, "剩 2 个工作日")] * rows


def test_yellow_begins_when_the_bureau_says(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        change_setting(key="near_working_days", value="4", actor=cast.bureau_supervisor, reason="提前关注")
    assert light_of(owe(), date(2026, 3, 6)) == Light.NEAR


def test_why_lists_each_day_counted_or_skipped() -> None:
    found = why(owe().revisions.get())
    assert [(f"{day.date:%d}", day.number) for day in found.days] == [
        ("04", 1), ("05", 2), ("06", 3), ("07", None), ("08", None), ("09", 4), ("10", 5), ("11", 6), ("12", 7),
    ]  # fmt: skip
    assert found.days[3].reason == "周末"


K = TimerKind
STAFF, HEAD = {"department_staff"}, {"department_head"}
BUREAU, INSPECTION = {"bureau_staff", "bureau_supervisor"}, {"inspector", "inspection_approver"}


def reached(obligation: Obligation) -> dict[str, set[str]]:
    return {kind: {user.username for user in recipients_of(obligation, kind)} for kind in K}


def test_recipients_of_a_departments_obligation(cast: Cast) -> None:
    assert reached(owe(department=department("市税务局"))) == {
        K.TWO_BEFORE: STAFF,
        K.ON_DAY: STAFF | HEAD,
        K.ONE_LATE: STAFF | HEAD | BUREAU,
        K.THREE_LATE: STAFF | HEAD | BUREAU | INSPECTION,
    }


def test_recipients_are_the_handler_once_one_is_named(cast: Cast) -> None:
    debtor = department("市税务局")
    handler = make_person("handler", Role.DEPARTMENT_STAFF, debtor)
    obligation = owe(department=debtor, handler=handler)
    assert reached(obligation)[K.TWO_BEFORE] == {"handler"}
    assert reached(obligation)[K.ON_DAY] == {"handler"} | HEAD
    handler.is_active = False
    assert reached(obligation)[K.TWO_BEFORE] == STAFF | {"handler"}
    handler.save()
    assert reached(obligation)[K.TWO_BEFORE] == STAFF


def test_recipients_of_the_bureaus_own_obligation(cast: Cast) -> None:
    assert reached(owe()) == {
        K.TWO_BEFORE: {"bureau_staff"},
        K.ON_DAY: BUREAU,
        K.ONE_LATE: BUREAU,
        K.THREE_LATE: BUREAU | INSPECTION,
    }


def test_recipients_where_a_department_has_nobody_are_the_next_ones(cast: Cast) -> None:
    obligation = owe(department=department("市统计局"))
    assert reached(obligation)[K.TWO_BEFORE] == {"other_department_staff"}
    Membership.objects.filter(user__username="other_department_staff").delete()
    assert reached(obligation)[K.TWO_BEFORE] == BUREAU
    User.objects.filter(username__in=BUREAU).update(is_active=False)
    assert reached(obligation)[K.TWO_BEFORE] == INSPECTION
