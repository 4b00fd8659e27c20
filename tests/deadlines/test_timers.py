"""When each step of the ladder is taken. [3.7]"""

from datetime import date, timedelta

import pytest

from deadlines.services.timers import moments_of
from tests.deadlines.conftest import START, owe, timers
from tests.factories import moment

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.7]")]


def planned(start: str, last_day: str, now: str) -> dict[str, str]:
    moments = moments_of(date.fromisoformat(start), date.fromisoformat(last_day), moment(now))
    return {kind.value: f"{at:%m-%d %H:%M}" for kind, at in moments.items()}


def test_open_obligation_makes_the_four_steps_at_nine_of_working_days() -> None:
    assert timers(owe()) == {
        "two_before": "03-10 09:00",
        "on_day": "03-12 09:00",
        "one_late": "03-13 09:00",
        "three_late": "03-17 09:00",
    }


def test_steps_stand_on_working_days_around_a_holiday() -> None:
    # The National Day of 2026: 1 to 7 October are free, 20 September and 10 October are worked.
    assert planned("2026-09-21", "2026-09-30", "2026-09-21 10:00") == {
        "two_before": "09-28 09:00",
        "on_day": "09-30 09:00",
        "one_late": "10-08 09:00",
        "three_late": "10-10 09:00",
    }


def test_nobody_is_warned_before_the_start() -> None:
    # Due the day after the start: two days before it lies before the start.
    assert planned("2026-03-03", "2026-03-04", "2026-03-03 08:00")["two_before"] == "03-03 09:00"
    # Opened in the evening, it would be the same moment as the day itself.
    assert "two_before" not in planned("2026-03-03", "2026-03-04", "2026-03-03 20:00")


def test_of_steps_already_past_only_the_latest_is_taken() -> None:
    assert planned("2026-03-03", "2026-03-12", "2026-03-13 10:00") == {
        "one_late": "03-13 09:00",
        "three_late": "03-17 09:00",
    }


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("2026-03-10 12:00", {"two_before": "03-10 09:00"}),  # at once
        ("2026-03-10 20:00", {"two_before": "03-11 09:00"}),  # not in the evening
        ("2026-03-13 23:59", {"one_late": "03-16 09:00"}),  # not on a weekend
        ("2026-03-20 02:00", {"three_late": "03-20 09:00"}),  # not at night
    ],
)
def test_a_step_already_past_waits_for_office_hours(now: str, first: dict[str, str]) -> None:
    found = planned("2026-03-03", "2026-03-12", now)
    assert dict(list(found.items())[:1]) == first


@pytest.mark.parametrize("days", range(1, 21))
def test_every_step_of_every_length_is_at_nine_in_the_order_of_the_ladder(days: int) -> None:
    for offset in range(0, 40, 3):
        start = START + timedelta(days=offset)
        moments = list(timers(owe(f"a:{offset}", start=start, working_days=days)).values())
        assert moments == sorted(moments)
        assert len(set(moments)) == len(moments)
        assert {at[-5:] for at in moments} == {"09:00"}
