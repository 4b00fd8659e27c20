"""The enterprise's word on a round: once, by itself, for good. [3.8] [5.2]"""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction

from cases.enums import Outcome
from cases.models import Case
from core import audit
from core import services as kernel
from core.audit import subject_of
from core.errors import AlreadyDone, Refused
from core.models import AuditEntry
from core.selectors import forget_settings
from evaluations import services
from evaluations.models import FollowUp, Rating
from evaluations.services import Opinion
from notifications.models import Message
from tests.cases.conftest import SEEN, close_at_once
from tests.conftest import CAST, Cast
from tests.evaluations.rating_steps import (
    ASKED,
    LAST_DAY,
    SATISFIED,
    SILENT,
    UNSATISFIED,
    close_again,
    invite,
    next_round,
    rate,
)

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.8]"), pytest.mark.clause("[5.2]")]
SAME_START = True


class TestRate:
    def test_keeps_what_was_said_and_asks_no_more(self, closed: Case) -> None:
        invitation = invite(closed)
        rating = Rating.objects.get(pk=rate(invitation, UNSATISFIED).pk)
        said = (rating.consultation, rating.handling, rating.reasons, rating.comment, rating.call_back, rating.is_late)
        assert said == (True, False, ["late", "unsolved"], "只答复了一半。", True, False)
        invitation.refresh_from_db()
        assert (invitation.remind_on, invitation.draw_on) == (None, None)
        about = Message.objects.filter(subject=subject_of(invitation))
        assert set(about.values_list("status", flat=True)) == {"withheld"}

    @pytest.mark.parametrize(("now", "late"), [(LAST_DAY, False), (SILENT, True), (SILENT + timedelta(90), True)])
    def test_after_the_last_day_is_kept_and_marked(self, closed: Case, now: Any, late: bool) -> None:
        assert rate(invite(closed), UNSATISFIED, now=now).is_late is late

    def test_of_the_days_in_force_when_it_was_asked(self, closed: Case, cast: Cast) -> None:
        invitation = invite(closed)
        kernel.change_setting(key="rating_days", value="60", actor=cast.bureau_supervisor, reason="试行")
        forget_settings()
        assert rate(invitation, now=SILENT).is_late

    def test_unsatisfied_with_either_is_followed_up_and_satisfied_is_not(self, closed: Case) -> None:
        invitation = invite(closed)
        for opinion, count in ((SATISFIED, 0), (Opinion(False, True), 1), (Opinion(True, False), 1)):
            with transaction.atomic():
                rate(invitation, opinion)
                assert FollowUp.objects.filter(origin="unsatisfied", case=closed, round=1).count() == count
                transaction.set_rollback(True)

    def test_late_and_unsatisfied_is_followed_up_too(self, closed: Case) -> None:
        rate(invite(closed), UNSATISFIED, now=SILENT)
        assert FollowUp.objects.get().round == 1

    def test_of_a_former_round_stays_beside_that_of_the_new_one(self, closed: Case) -> None:
        first = invite(closed)
        close_again(next_round(closed), now=SILENT)
        second = invite(closed, now=SILENT)
        rate(first, UNSATISFIED, now=SILENT)
        rate(second, SATISFIED, now=SILENT)
        assert list(Rating.objects.order_by("round").values_list("round", "handling", "is_late")) == [
            (1, False, True),
            (2, True, False),
        ]
        assert FollowUp.objects.get().round == 1

    @pytest.mark.parametrize("outcome", [Outcome.SOLVED, Outcome.EXPLAINED])
    def test_of_what_was_closed_at_once_is_the_same(self, booking: Any, cast: Cast, outcome: Outcome) -> None:
        case = close_at_once(booking, cast.department_head, outcome)
        invitation = invite(case, now=SEEN)
        assert invitation.unit == cast.department_head.membership.department
        assert rate(invitation, now=SEEN).case == case

    @pytest.mark.parametrize(
        ("opinion", "code", "field"),
        [
            (Opinion(True, True, reasons=("late",)), "no_reason_needed", "reasons"),
            (Opinion(False, True, reasons=("late", "weather")), "unknown_reason", "reasons"),
            (Opinion(False, True, comment="一" * 501), "too_long", "comment"),
        ],
    )
    def test_that_says_too_much_is_refused(self, closed: Case, opinion: Opinion, code: str, field: str) -> None:
        invitation = invite(closed)
        with pytest.raises(Refused) as refusal:
            rate(invitation, opinion)
        assert (refusal.value.code, refusal.value.field) == (code, field)
        assert not Rating.objects.exists()

    def test_of_nothing_is_refused(self, db: None) -> None:
        with pytest.raises(Refused, match="gone"):
            services.rate(invitation_id=10**9, opinion=SATISFIED, actor=audit.HOLDER, now=ASKED)

    def test_a_second_time_is_told_as_done_and_changes_nothing(self, closed: Case) -> None:
        invitation = invite(closed)
        rate(invitation, UNSATISFIED)
        with pytest.raises(AlreadyDone, match="already_done"):
            rate(invitation, SATISFIED)
        assert Rating.objects.get().handling is False

    def test_trail_says_that_it_rated_and_not_how(self, closed: Case) -> None:
        rating = rate(invite(closed), UNSATISFIED)
        entry = AuditEntry.objects.get(action="rate")
        assert (entry.by, entry.subject, entry.before, entry.after, entry.reason) == (
            *("holder", subject_of(rating)),
            *("", "", ""),
        )


def test_nobody_else_rates_or_sends_the_link(closed: Case, cast: Cast) -> None:
    """Every role, the administrators too, every job, and who has no link."""
    invitation = invite(closed)
    for who in [*CAST, audit.SYSTEM, audit.ANYONE]:
        actor: Any = cast.get(who, who)
        with pytest.raises(PermissionDenied):
            rate(invitation, actor=actor)
        with pytest.raises(PermissionDenied):
            services.send_link_again(case_id=closed.pk, round=1, actor=actor, now=ASKED)
    assert not Rating.objects.exists()
    assert not Message.objects.filter(kind="rating_link_again").exists()


SQL = {
    "change": "UPDATE evaluations_rating SET handling = NOT handling",
    "late to in time": "UPDATE evaluations_rating SET is_late = NOT is_late WHERE id > 0",
    "remove": "DELETE FROM evaluations_rating",
}
ORM = {
    "change": lambda rating: Rating.objects.filter(pk=rating.pk).update(handling=True),
    "save": lambda rating: rating.save(),
    "save one": lambda rating: rating.save(update_fields=["comment"]),
    "bulk": lambda rating: Rating.objects.bulk_update([rating], ["handling"]),
    "remove": lambda rating: rating.delete(),
    "remove all": lambda rating: Rating.objects.all().delete(),
    "raw": lambda rating: Rating.objects.all()._raw_delete(Rating.objects.db),
}


class TestDatabase:
    @pytest.mark.parametrize("way", ORM)
    def test_refuses_what_the_models_ask(self, closed: Case, way: str) -> None:
        rating = rate(invite(closed), UNSATISFIED)
        rating.handling = True
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            ORM[way](rating)
        assert Rating.objects.get().handling is False

    @pytest.mark.parametrize("way", SQL)
    def test_refuses_plain_sql(self, closed: Case, way: str) -> None:
        rate(invite(closed), UNSATISFIED)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(SQL[way])
        assert Rating.objects.get().handling is False

    @pytest.mark.race  # SQLite has no TRUNCATE
    def test_refuses_to_empty_the_table(self, closed: Case) -> None:
        rate(invite(closed))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else what was inserted just now is in the way
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                cursor.execute("TRUNCATE evaluations_rating CASCADE")

    def test_refuses_a_second_one_of_a_round(self, closed: Case) -> None:
        rate(invite(closed), UNSATISFIED)
        second = Rating(case=closed, round=1, consultation=True, handling=True, is_late=False)
        with pytest.raises(IntegrityError), transaction.atomic():
            second.save(force_insert=True)
        columns = "case_id, round, consultation, handling, reasons, comment, call_back, rated_at, is_late"
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO evaluations_rating ({columns}) SELECT {columns} FROM evaluations_rating"  # noqa: S608
            )
        assert Rating.objects.count() == 1

    @pytest.mark.race  # SQLite has no accounts
    @pytest.mark.parametrize(
        "statement",
        [
            "ALTER TABLE evaluations_rating DISABLE TRIGGER ALL",
            "DROP TRIGGER evaluations_rating_append_only ON evaluations_rating",
            "ALTER TABLE evaluations_rating DROP CONSTRAINT a_round_is_rated_once",
            "CREATE OR REPLACE FUNCTION evaluations_rating_append_only() RETURNS trigger LANGUAGE plpgsql "
            "AS $$ BEGIN RETURN NULL; END $$",
            "SET session_replication_role = replica",
            "TRUNCATE evaluations_rating",
            "DROP TABLE evaluations_rating",
        ],
    )
    def test_account_that_owns_no_table_cannot_lift_the_guard(self, closed: Case, statement: str) -> None:
        """As README gives rights to the web's account in production."""
        rate(invite(closed))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE ROLE anning_web_of_a_test")
            cursor.execute("GRANT USAGE ON SCHEMA public TO anning_web_of_a_test")
            cursor.execute(
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO anning_web_of_a_test"
            )
            cursor.execute("SET LOCAL ROLE anning_web_of_a_test")
            cursor.execute("SELECT count(*) FROM evaluations_rating")
            assert cursor.fetchone() == (1,)
            with pytest.raises(DatabaseError, match=r"must be owner|permission denied"), transaction.atomic():
                cursor.execute(statement)
            cursor.execute("RESET ROLE")
            transaction.set_rollback(True)
