"""Hasty fingers on one case at once, on PostgreSQL, with the control that shows what the lock is for. [3.7]"""

from collections import Counter

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from appointments.models import ConsentText
from cases import services
from cases.models import Case, CaseFile, CaseSupplement
from cases.selectors import supplements_of
from cases.services import supplements
from notifications.models import Message
from tests.appointments.conftest import OPENS, accept, confirm, take
from tests.appointments.test_calling import read_together
from tests.appointments.test_races import at_once, outcome
from tests.cases.conftest import (
    DAY,
    LEAD,
    accept_feedback,
    close,
    give_feedback,
    hand_over,
    make_plan,
    part,
    working_day,
)
from tests.conftest import Cast
from tests.factories import make_sitting

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.clause("[3.7]")]


@pytest.fixture
def case(transactional_db: None, cast: Cast) -> Case:
    ConsentText.objects.get_or_create(text="同意", in_force_from=OPENS)
    sitting = make_sitting(DAY, published=True, opens_at=OPENS)
    return hand_over(accept(confirm(take(sitting, 1)), cast.bureau_staff), cast.department_head)


def press(case: Case, text: str = "七月。", page: str = "page") -> CaseSupplement:
    paper = SimpleUploadedFile("回执.pdf", b"%PDF-1.4 \n%%EOF")
    return services.add_to_case(case_id=case.pk, text=text, uploads=[paper], submission=page, now=working_day(9))


def test_eight_presses_at_once_send_once(case: Case) -> None:
    results = at_once(8, lambda _place: press(case))
    assert Counter(map(outcome, results)) == {"given": 1, "already_done": 7}
    assert (CaseSupplement.objects.count(), CaseFile.objects.count()) == (1, 1)
    assert Message.objects.filter(kind="case_supplemented").count() == 2


def test_without_the_lock_the_database_still_takes_one(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supplements, "lock", read_together(4))
    results = at_once(4, lambda _place: press(case))
    assert Counter(map(outcome, results)) == {"given": 1, "IntegrityError": 3}
    assert (CaseSupplement.objects.count(), CaseFile.objects.count()) == (1, 1)


def test_no_more_than_five_an_hour_however_many_press(case: Case) -> None:
    results = at_once(8, lambda place: press(case, f"第{place}次"))
    assert Counter(map(outcome, results)) == {"given": 5, "too_often": 3}


def test_added_while_it_is_closed_is_either_added_or_refused(case: Case, cast: Cast) -> None:
    assignment = part(case, LEAD)
    make_plan(assignment, cast.department_staff)
    give_feedback(assignment, cast.department_staff)
    accept_feedback(assignment, cast.bureau_staff)
    results = at_once(2, lambda place: press(case) if place else close(case, cast.bureau_supervisor))
    assert outcome(results[0]) == "given"
    assert (outcome(results[1]), len(supplements_of(case))) in {("given", 1), ("closed", 0)}
