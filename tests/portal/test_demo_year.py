"""The demonstration's year: made by the verbs, and written down at its own time. [3.10]"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from appointments.models import Booking
from cases.models import Case
from consultations.models import Consultation
from core import audit
from core.models import AuditEntry, User
from core.selectors import forget_settings
from evaluations.enums import Origin
from evaluations.models import FollowUp, Rating, Referral
from evaluations.services import open_follow_up
from notifications.models import Message
from portal.demo_bulletins import write_bulletins
from portal.demo_clock import REAL_NOW, past
from portal.demo_follow_ups import LookingAgain
from portal.demo_handling import People
from portal.demo_results import publish_results
from portal.demo_typical import write_stories
from portal.demo_year import make_year
from portal.management.commands.demo import PEOPLE, Command, session_plan
from reports.figures import Quarter
from reports.models import PublishedResults, Report, TypicalCase
from reports.public_results import differences
from reports.selectors_typical import findings_in
from sessions_app.enums import SessionKind
from tests.factories import moment

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.10]")]
NOW = moment("2026-11-24 10:00")
DAYS = [date(2026, 3, 3), date(2026, 3, 17), date(2026, 3, 31)]


@pytest.fixture(scope="module")
def year(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Made once for all who look at it here, and taken back with the transaction around them."""
    forget_settings()
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(NOW, tick=False):
            for person in PEOPLE:
                Command().make_account(*person)
            with past() as clock:
                make_year(DAYS, lambda day, place: session_plan(day, SessionKind.MAIN, 9, place), clock)
                write_bulletins(DAYS[0], NOW.date(), People(), clock)
                write_stories(DAYS[0], NOW.date(), People(), User.objects.get(username="inspector"), clock)
                publish_results(DAYS[0], NOW.date(), People(), clock)
        yield
        transaction.set_rollback(True)


def test_every_demand_of_the_past_came_to_an_end(year: None) -> None:
    came = Booking.objects.filter(status="attended").count()
    assert Case.objects.count() == Consultation.objects.count() == came > 5
    assert not Case.objects.exclude(status="closed").exists()
    assert not Booking.objects.filter(status__in=["confirmed", "accepted", "held"]).exists()


def test_a_bulletin_was_issued_for_each_quarter_and_the_last_is_a_draft(year: None) -> None:
    made = list(Report.objects.order_by("year", "quarter").values_list("quarter", "status"))
    assert made == [(1, "issued"), (2, "issued"), (3, "draft")]


@pytest.mark.clause("[5.4]")
def test_results_of_each_quarter_were_published_and_say_what_its_bulletin_says(year: None) -> None:
    made = list(PublishedResults.objects.order_by("year", "quarter"))
    assert [(results.quarter, results.status) for results in made] == [(one, "published") for one in (1, 2, 3)]
    assert not [one for row in made for one in differences(row.year, row.quarter, row.content)]
    assert {results.differs_why for results in made} == {""}


def test_what_was_done_and_said_stands_at_its_own_time(year: None) -> None:
    signed = AuditEntry.objects.filter(action="sign_off_consultation").values_list("at", flat=True)
    assert {timezone.localdate(at) for at in signed} == set(DAYS)
    last: datetime = AuditEntry.objects.order_by("at").last().at  # type: ignore[union-attr]
    assert last < NOW - timedelta(days=30)
    assert not Message.objects.filter(status="queued").exists()
    assert Message.objects.filter(status="sent", sent_at__lt=NOW - timedelta(days=90)).exists()


def test_the_clock_is_given_back(db: None) -> None:
    with past() as clock:
        clock.at(moment("2026-03-03 09:00"))
        assert timezone.now() == AuditEntry().at == moment("2026-03-03 09:00")
    assert timezone.now is REAL_NOW
    assert AuditEntry().at > moment("2026-03-04 09:00")


def test_typical_cases_were_published_after_their_quarter_and_name_nobody(year: None) -> None:
    """[5.3] [5.4] As many as so short a year has cases for; by three people each."""
    told = TypicalCase.objects.all()
    assert told.filter(status="published").exists()
    for row in told:
        assert findings_in(row) == []
        if row.published_at:
            assert timezone.localdate(row.published_at) >= Quarter(row.year, row.quarter).after
            assert len({row.written_by, row.checked_by, row.approved_by}) == 3


def test_what_was_said_of_it_was_looked_at_again(year: None) -> None:
    """[3.8] [3.9] None is open that would be late by now."""
    assert Rating.objects.exists()
    assert FollowUp.objects.exists()
    assert not FollowUp.objects.filter(status="open").exists()
    for row in FollowUp.objects.all():
        assert row.decided_at is not None
        assert row.opened_at < row.decided_at < NOW - timedelta(days=90)
        assert row.calls.count() == 1


def test_complaints_end_in_turn_also_with_a_new_round_and_with_a_referral(year: None) -> None:
    """[3.9] What was sent back is handled to its close-out again, and asked about again."""
    opened = moment("2026-07-01 10:00")
    cases = Case.objects.exclude(pk__in=FollowUp.objects.values("case")).order_by("pk")[:4]
    with transaction.atomic(), time_machine.travel(NOW, tick=False), past() as clock:
        reported = [
            open_follow_up(case_id=case.pk, origin=Origin.REPORTED, note="未落实", actor=audit.HOLDER, now=opened)
            for case in cases
        ]
        LookingAgain(Random(1), People(), clock).go()
        ends = [FollowUp.objects.get(pk=row.pk).status for row in reported]
        again = Case.objects.get(pk=reported[1].case_id)
        referral = Referral.objects.get()
        transaction.set_rollback(True)
    assert ends == ["confirmed", "sent_back", "confirmed", "unrectified"]
    assert (again.round, again.status) == (2, "closed")
    assert (referral.follow_up_id, referral.status) == (reported[3].pk, "approved")
