"""The database's own word, past the verbs: the last line when a verb is wrong or two are at work at once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core.constraints import violated
from sessions_app.enums import SittingStatus
from sessions_app.models import Chair, Session, Sitting, Slot
from tests.factories import department, make_session, make_sitting, moment

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 12, 15)
NUMBERED = "five_numbers_and_extra_ones_only_with_an_extra_session"


def refused_name(write: Any, **columns: Any) -> str:
    """The constraint that a write violates, by the name that both databases give."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        write(**columns)
    return violated(caught.value)


@pytest.mark.clause("[3.3]")
def test_slot_sixth_public_number_is_refused() -> None:
    sitting = make_sitting(TUESDAY, published=True)
    assert refused_name(Slot.objects.create, sitting=sitting, number=6) == NUMBERED


@pytest.mark.clause("[3.3]")
def test_slot_number_zero_is_refused() -> None:
    sitting = make_sitting(TUESDAY, published=True)
    assert refused_name(Slot.objects.create, sitting=sitting, number=0) == NUMBERED


@pytest.mark.clause("[3.3]")
def test_slot_second_of_a_number_is_refused() -> None:
    sitting = make_sitting(TUESDAY, published=True)
    assert refused_name(Slot.objects.create, sitting=sitting, number=3) == "each_number_once_in_a_sitting"


@pytest.mark.clause("[3.6]")
def test_slot_public_number_for_an_extra_session_is_refused() -> None:
    extra = make_session(make_sitting(TUESDAY), "extra")
    assert refused_name(Slot.objects.create, sitting=extra.sitting, session=extra, number=5) == NUMBERED


@pytest.mark.clause("[3.6]")
def test_slot_above_five_with_an_extra_session_stands() -> None:
    extra = make_session(make_sitting(TUESDAY, published=True), "extra")
    assert Slot.objects.create(sitting=extra.sitting, session=extra, number=6).pk


@pytest.mark.clause("[3.2]")
def test_sitting_published_without_a_window_is_refused() -> None:
    planned = Sitting.objects.filter(pk=make_sitting(TUESDAY).pk)
    assert refused_name(planned.update, status=SittingStatus.PUBLISHED) == "published_status_has_its_time"


@pytest.mark.clause("[3.3]")
@pytest.mark.parametrize("missing", ["published_at", "opens_at", "closes_at"])
def test_sitting_with_part_of_its_window_is_refused(missing: str) -> None:
    published = Sitting.objects.filter(pk=make_sitting(TUESDAY, published=True).pk)
    assert refused_name(published.update, **{missing: None}) in {
        "published_with_its_booking_window",
        "published_status_has_its_time",
    }


@pytest.mark.clause("[3.3]")
@pytest.mark.parametrize(
    ("opens", "closes"),
    [("2026-12-04 08:29", "2026-12-11 23:59"), ("2026-12-04 09:00", "2026-12-04 09:00")],
    ids=["opens before publication", "closes when it opens"],
)
def test_sitting_with_an_impossible_window_is_refused(opens: str, closes: str) -> None:
    published = Sitting.objects.filter(pk=make_sitting(TUESDAY, published=True).pk)
    name = refused_name(published.update, opens_at=moment(opens), closes_at=moment(closes))
    assert name == "booking_opens_after_publication_and_before_it_closes"


@pytest.mark.clause("[3.2]")
def test_sitting_second_of_a_number_in_a_year_is_refused() -> None:
    first = make_sitting(TUESDAY)
    name = refused_name(Sitting.objects.create, year=first.year, number=first.number, day=TUESDAY)
    assert name == "one_sitting_for_a_number_of_the_year"


@pytest.mark.clause("[3.6]")
@pytest.mark.parametrize("hours", [0, -1])
def test_session_that_does_not_end_after_its_start_is_refused(hours: int) -> None:
    session = make_sitting(TUESDAY).sessions.get()
    rows = Session.objects.filter(pk=session.pk)
    name = refused_name(rows.update, ends_at=session.starts_at + timedelta(hours=hours))
    assert name == "session_ends_after_it_starts"


@pytest.mark.clause("[3.6]")
def test_chair_department_twice_in_a_session_is_refused() -> None:
    session = make_sitting(TUESDAY).sessions.get()
    name = refused_name(Chair.objects.create, session=session, department=department("市税务局"))
    assert name == "a_department_once_in_a_session"


@pytest.mark.clause("[3.6]")
def test_chair_second_lead_in_a_session_is_refused() -> None:
    session = make_sitting(TUESDAY).sessions.get()
    name = refused_name(Chair.objects.create, session=session, department=department("市统计局"), is_lead=True)
    assert name == "one_lead_in_a_session"
