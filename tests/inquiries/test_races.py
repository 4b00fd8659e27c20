"""Many at once, on PostgreSQL: a question is asked once and replied to once. [3.1]"""

from collections import Counter

import pytest

from core import secrets
from inquiries.models import Entry, Inquiry
from notifications.models import Message
from tests.appointments.conftest import consent
from tests.appointments.test_races import at_once, outcome
from tests.conftest import Cast
from tests.inquiries.conftest import answer, ask, point_on

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.clause("[3.1]")]


@pytest.fixture(autouse=True)
def consent_in_force(transactional_db: None) -> None:
    consent()


def test_one_submission_twenty_times_asks_once() -> None:
    token = secrets.new_submission()
    results = at_once(20, lambda _place: ask(submission=token))
    assert Counter(map(outcome, results)) == {"given": 20}
    assert Inquiry.objects.count() == 1
    assert Message.objects.filter(kind="inquiry_received").count() == 1


def test_ten_clerks_at_one_question_reply_once(cast: Cast) -> None:
    inquiry = ask()
    verbs = (answer, point_on)
    results = at_once(10, lambda place: verbs[place % 2](inquiry, cast.window_clerk))
    counted = Counter(map(outcome, results))
    assert counted["given"] == 1
    assert counted["already_done"] + counted["wrong_status"] == 9
    assert Entry.objects.count() == 1
