"""A year's notice, or a decree in the middle of a year: later by itself, earlier only by a decision. [3.7]"""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from core import audit
from core.calendar_files import to_text
from core.calendar_table import from_json
from core.errors import AlreadyDone, Refused
from core.services_calendar import import_year, in_force
from deadlines import services
from deadlines.enums import Cause
from deadlines.models import Obligation, Revision
from deadlines.selectors import explanation_of
from deadlines.selectors_calendar import dates_that_would_move
from deadlines.tasks import watch_calendar
from tests.conftest import Cast
from tests.deadlines.conftest import NOON, Told, meet, owe, sweep, timers
from tests.factories import moment

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.7]")]


def decree(cast: Cast, year: int, number: str = "1号", **changes: Any) -> None:
    """The year's calendar again, with days added ("0311" → holiday or makeup) or taken out (None)."""
    version = in_force(year)
    assert version is not None
    exceptions = dict(from_json(version.exceptions))
    for key, kind in changes.items():
        day = date(year, int(key[1:3]), int(key[3:5]))
        exceptions.pop(day, None)
        if kind:
            exceptions[day] = (kind, "临时" if kind == "holiday" else "")
    import_year(
        year=year, exceptions=exceptions, document_number=f"国办发明电〔{year}〕{number}", actor=cast.bureau_supervisor
    )


def watch(now: str = "2026-03-04 10:00") -> int:
    return services.recompute_after_calendar(now=moment(now), actor=audit.SYSTEM)


def test_nothing_is_looked_at_while_the_calendar_stands(django_assert_num_queries: Any) -> None:
    owe()
    with django_assert_num_queries(2):
        assert watch() == 0


def test_a_holiday_in_the_span_moves_it_later_with_the_reason(cast: Cast) -> None:
    obligation = owe()
    decree(cast, 2026, d0311="holiday")
    assert watch() == 1
    obligation.refresh_from_db()
    assert obligation.last_day == date(2026, 3, 13)
    revision = Revision.objects.get(obligation=obligation, number=2)
    assert (revision.cause, revision.before, revision.after) == (
        Cause.CALENDAR, date(2026, 3, 12), date(2026, 3, 13),
    )  # fmt: skip
    assert any("临时" in sentence for sentence in explanation_of(obligation).sentences)
    assert timers(obligation)["two_before"] == "03-10 09:00"
    assert watch() == 0


def test_a_make_up_day_never_moves_it_earlier_by_itself(cast: Cast) -> None:
    obligation = owe()
    decree(cast, 2026, d0307="makeup")
    assert watch() == 1
    obligation.refresh_from_db()
    assert (obligation.last_day, obligation.earlier_due) == (date(2026, 3, 12), date(2026, 3, 11))
    assert obligation.revision == 1
    assert watch() == 0


def decide(obligation: Obligation, actor: Any, *, move: bool, reason: str = "按新安排执行") -> Obligation:
    return services.decide_earlier(obligation_id=obligation.pk, move=move, actor=actor, reason=reason, now=NOON)


def test_decide_earlier_moves_it(cast: Cast) -> None:
    obligation = owe()
    decree(cast, 2026, d0307="makeup")
    watch()
    moved = decide(obligation, cast.bureau_supervisor, move=True)
    assert (moved.last_day, moved.earlier_due, moved.revision) == (date(2026, 3, 11), None, 2)
    with pytest.raises(AlreadyDone):
        decide(obligation, cast.bureau_supervisor, move=True)


def test_decide_earlier_keeps_the_day_and_no_later_calendar_asks_again(cast: Cast) -> None:
    obligation = owe()
    decree(cast, 2026, d0307="makeup")
    watch()
    kept = decide(obligation, cast.bureau_supervisor, move=False)
    assert (kept.last_day, kept.earlier_due) == (date(2026, 3, 12), None)
    decree(cast, 2026, "2号", d0308="makeup")
    watch()
    kept.refresh_from_db()
    assert (kept.last_day, kept.earlier_due) == (date(2026, 3, 12), None)


def test_decide_earlier_is_a_supervisors_and_needs_a_reason(cast: Cast) -> None:
    obligation = owe()
    decree(cast, 2026, d0307="makeup")
    watch()
    for who, person in cast.items():
        if who != "bureau_supervisor":
            with pytest.raises(PermissionDenied):
                decide(obligation, person, move=True)
    with pytest.raises(Refused, match="no_reason"):
        decide(obligation, cast.bureau_supervisor, move=True, reason=" ")
    meet()
    with pytest.raises(Refused, match="not_open"):
        decide(obligation, cast.bureau_supervisor, move=True)


def test_an_outer_limit_that_moves_meanwhile_decides_nothing(cast: Cast) -> None:
    obligation = owe()
    decree(cast, 2026, d0307="makeup")
    services.revise_obligation(
        obligation_id=obligation.pk, cause=Cause.OVERRIDE, actor=audit.SYSTEM, now=NOON, reason="坐诊改期",
        no_later_than=date(2026, 3, 30),
    )  # fmt: skip
    obligation.refresh_from_db()
    assert (obligation.last_day, obligation.earlier_due) == (date(2026, 3, 12), date(2026, 3, 11))


def test_a_change_elsewhere_in_the_year_moves_nothing(cast: Cast) -> None:
    obligation = owe()
    decree(cast, 2026, d0611="holiday")
    assert watch() == 0
    obligation.refresh_from_db()
    assert obligation.revision == 1


def test_what_is_over_keeps_its_dates(cast: Cast) -> None:
    obligation = owe()
    meet()
    decree(cast, 2026, d0311="holiday")
    assert watch() == 0
    obligation.refresh_from_db()
    assert obligation.last_day == date(2026, 3, 12)


def test_a_day_that_was_set_gives_way_only_to_a_rest_day(cast: Cast) -> None:
    obligation = owe()
    services.revise_obligation(
        obligation_id=obligation.pk, cause=Cause.EXTENDED, actor=audit.SYSTEM, now=NOON, reason="x",
        due=date(2026, 3, 20),
    )  # fmt: skip
    decree(cast, 2026, d0311="holiday")
    watch()
    obligation.refresh_from_db()
    assert obligation.last_day == date(2026, 3, 20)
    decree(cast, 2026, "2号", d0320="holiday")
    watch()
    obligation.refresh_from_db()
    assert obligation.last_day == date(2026, 3, 23)


def test_a_reminder_that_falls_on_a_new_holiday_is_made_anew(cast: Cast, told: Told) -> None:
    obligation = owe()
    decree(cast, 2026, d0313="holiday")
    assert watch() == 1
    assert timers(obligation)["one_late"] == "03-16 09:00"
    sweep(told, "2026-03-13 10:00")
    assert told.calls == []


@pytest.fixture
def over_the_year(db: None) -> Obligation:
    """Before the notice of 2027: due on an estimated day."""
    return owe(start=date(2026, 12, 28), now=moment("2026-12-28 10:00"))


def test_a_span_beyond_the_notice_is_provisional_until_it_comes(over_the_year: Obligation, cast: Cast) -> None:
    before = over_the_year.last_day
    assert over_the_year.provisional
    assert "暂定" in explanation_of(over_the_year).sentences[-1]
    decree(cast, 2027)  # the estimate, made official: no day moves
    assert watch("2026-12-29 10:00") == 1
    over_the_year.refresh_from_db()
    assert (over_the_year.provisional, over_the_year.last_day) == (False, before)
    assert not any("暂定" in sentence for sentence in explanation_of(over_the_year).sentences)


def test_the_notice_of_next_year_moves_what_reaches_into_it(over_the_year: Obligation, cast: Cast) -> None:
    decree(cast, 2027, d0104="holiday", d0105="holiday")
    watch("2026-12-29 10:00")
    revision = Revision.objects.get(obligation=over_the_year, number=2)
    assert revision.before is not None
    assert revision.after > revision.before


def test_the_task_sees_a_change_of_the_calendar(cast: Cast) -> None:
    obligation = owe()
    decree(cast, 2026, d0311="holiday")
    assert watch_calendar() == 1
    obligation.refresh_from_db()
    assert obligation.last_day == date(2026, 3, 13)


def previewed(year: int, **changes: Any) -> dict[str, tuple[date, bool]]:
    """Owner -> the day it would end on, and whether that waits for a decision."""
    version = in_force(year)
    assert version is not None
    exceptions = dict(from_json(version.exceptions))
    for key, kind in changes.items():
        exceptions[date(year, int(key[1:3]), int(key[3:5]))] = (kind, "临时" if kind == "holiday" else "")
    moves = dates_that_would_move(year, exceptions)
    return {move.obligation.owner: (move.after, move.earlier) for move in moves}


def some_dates() -> None:
    """Counted ones, one with an outer limit, one that was set, and one that is over."""
    owe("b:counted")
    owe("b:longer", working_days=12)
    owe("b:outer", no_later_than=date(2026, 3, 9))
    row = owe("b:set")
    services.revise_obligation(
        obligation_id=row.pk, cause=Cause.EXTENDED, actor=audit.SYSTEM, now=NOON, reason="x", due=date(2026, 3, 20)
    )
    owe("b:over")
    meet("b:over")


@pytest.mark.parametrize(
    "changes",
    [
        {"d0311": "holiday"},
        {"d0307": "makeup"},
        {"d0320": "holiday"},
        {"d0309": "holiday", "d0314": "makeup"},
        {"d0611": "holiday"},
    ],
)
def test_preview_says_what_the_import_then_does(changes: dict[str, str], cast: Cast) -> None:
    some_dates()
    before = dict(Obligation.objects.values_list("owner", "last_day"))
    expected = previewed(2026, **changes)
    assert dict(Obligation.objects.values_list("owner", "last_day")) == before
    decree(cast, 2026, **changes)
    watch()
    done = {}
    for row in Obligation.objects.all():
        if row.earlier_due:
            done[row.owner] = (min(row.earlier_due, row.no_later_than or row.earlier_due), True)
        elif row.last_day != before[row.owner]:
            done[row.owner] = (row.last_day, False)
    assert done == expected


def test_preview_of_a_year_costs_two_queries(django_assert_num_queries: Any) -> None:
    some_dates()
    exceptions = from_json(in_force(2026).exceptions)  # type: ignore[union-attr]
    with django_assert_num_queries(2):
        dates_that_would_move(2026, exceptions)


def test_import_page_lists_the_dates_before_anything_is_confirmed(cast: Cast, client: Any) -> None:
    owe(title="核实甲")
    client.force_login(cast.bureau_supervisor, backend="departments.backends.RoleBackend")
    version = in_force(2026)
    assert version is not None
    lines = to_text(from_json(version.exceptions)) + "\n2026-03-07 调休上班"
    given = {"year": 2026, "document_number": "国办发明电〔2026〕2号", "text": lines}
    html = client.post("/console/core/calendaryear/import/", given).content.decode()
    for words in ("1 项期限会变动", "核实甲", "2026年3月12日（周四）", "2026年3月11日（周三）", "提前，待决定"):
        assert words in html, words
    assert Obligation.objects.get().last_day == date(2026, 3, 12)
