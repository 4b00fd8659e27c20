"""Two presses, two sweeps, a press and a sweep at the same moment, on PostgreSQL. [3.8] [3.9]"""

from collections import Counter
from importlib import import_module

import pytest

from appointments.models import ConsentText
from cases.models import Case, Closing
from core.models import AuditEntry
from evaluations import services
from evaluations.models import FollowUp, Invitation, Rating
from evaluations.services import ratings, sampling
from notifications.models import Message
from tests.appointments.conftest import OPENS, accept, confirm, take
from tests.appointments.test_calling import read_together
from tests.appointments.test_races import at_once, outcome
from tests.cases.conftest import DAY, SEEN, close_at_once
from tests.conftest import Cast
from tests.evaluations.rating_steps import SATISFIED, SILENT, UNSATISFIED, rate
from tests.factories import make_sitting, moment

pytestmark = [
    *(pytest.mark.race, pytest.mark.django_db(transaction=True)),
    *(pytest.mark.clause("[3.8]"), pytest.mark.clause("[3.9]")),
]


@pytest.fixture
def case(transactional_db: None, cast: Cast) -> Case:
    ConsentText.objects.get_or_create(text="同意", in_force_from=OPENS)
    sitting = make_sitting(DAY, published=True, opens_at=OPENS)
    return close_at_once(accept(confirm(take(sitting, 1)), cast.bureau_staff), cast.department_head)


@pytest.fixture
def invitation(case: Case) -> Invitation:
    services.invite_closed(SEEN)
    return Invitation.objects.get()


def test_eight_presses_at_once_rate_once(invitation: Invitation) -> None:
    said = [UNSATISFIED if place % 2 else SATISFIED for place in range(8)]
    results = at_once(8, lambda place: rate(invitation, said[place], now=SEEN))
    assert Counter(map(outcome, results)) == {"given": 1, "already_done": 7}
    rating = Rating.objects.get()
    assert FollowUp.objects.count() == (not rating.is_satisfied)
    assert AuditEntry.objects.filter(action="rate").count() == 1


def test_without_the_lock_the_database_still_takes_one(
    invitation: Invitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The constraint alone, and what it stops is a sentence."""
    monkeypatch.setattr(ratings, "lock", read_together(4))
    results = at_once(4, lambda _place: rate(invitation, now=SEEN))
    counted = Counter(map(outcome, results))
    assert counted["given"] == 1
    assert set(counted) <= {"given", "overtaken", "already_done"}
    assert counted["overtaken"] >= 1
    assert Rating.objects.count() == 1


def test_four_sweeps_at_once_ask_once(case: Case) -> None:
    results = at_once(4, lambda _place: services.invite_closed(SEEN))
    assert sorted(results) == [0, 0, 0, 1]
    assert Message.objects.filter(kind="rating_asked").count() == 1
    assert Closing.objects.get().taken_up_at == SEEN


def test_control_without_the_lock_the_constraint_stops_the_second(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    from_cases = import_module("cases.services.closing")
    monkeypatch.setattr(from_cases, "lock", read_together(3))
    results = at_once(3, lambda _place: services.invite_closed(SEEN))
    assert Counter(map(outcome, results)) == {"given": 1, "IntegrityError": 2}
    assert Invitation.objects.count() == 1


def test_four_sweeps_at_once_remind_once(invitation: Invitation) -> None:
    results = at_once(4, lambda _place: services.remind_unrated(moment("2026-12-01 09:30")))
    assert sorted(results) == [0, 0, 0, 1]
    invitation.refresh_from_db()
    assert invitation.reminded == 1
    assert Message.objects.filter(kind="rating_reminder").count() == 1


def test_four_sweeps_at_once_draw_once(invitation: Invitation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling._chance, "randrange", lambda stop: 0)
    results = at_once(4, lambda _place: services.draw_silent(SILENT))
    assert sorted(results) == [0, 0, 0, 1]
    assert FollowUp.objects.count() == AuditEntry.objects.filter(action="draw_sample").count() == 1


def test_late_press_against_the_draw_is_one_and_then_the_other(
    invitation: Invitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Either is first; none is lost, and nothing that was rated is drawn."""
    monkeypatch.setattr(sampling._chance, "randrange", lambda stop: 0)
    results = at_once(
        2, lambda place: rate(invitation, UNSATISFIED, now=SILENT) if place else services.draw_silent(SILENT)
    )
    assert outcome(results[1]) == "given"
    invitation.refresh_from_db()
    assert invitation.drawn is bool(results[0])
    reasons = ["sample", "unsatisfied"] if results[0] else ["unsatisfied"]
    follow_up = FollowUp.objects.get()
    assert sorted(follow_up.reasons.values_list("origin", flat=True)) == reasons


def test_press_against_the_reminder_is_never_reminded_after(invitation: Invitation) -> None:
    at = moment("2026-12-01 09:30")
    at_once(2, lambda place: rate(invitation, now=at) if place else services.remind_unrated(at))
    invitation.refresh_from_db()
    assert invitation.remind_on is None
    waiting = Message.objects.filter(kind="rating_reminder").exclude(status="withheld")
    assert not waiting.exists()
