"""Two at once on one follow-up or one closed case, on PostgreSQL, with the controls. [3.9]"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from appointments.models import ConsentText
from cases import services as cases
from cases.models import Case, Reopening
from cases.services import reopening
from core import transitions
from deadlines.models import Obligation
from evaluations import guards_followups, notices_followups
from evaluations.models import FollowUp, FollowUpReason, Referral
from evaluations.services import followups, referrals
from notifications.models import Message
from sessions_app.models import Sitting
from tests.appointments.conftest import OPENS, accept, confirm, take
from tests.appointments.test_races import outcome
from tests.cases.conftest import DAY, hand_over, handled
from tests.cases.test_races import Overtake, overtaken, without  # noqa: F401 - a fixture
from tests.cases.test_together_races import merge
from tests.conftest import Cast
from tests.deadlines.conftest import together
from tests.evaluations.followup_steps import FINDING, approve, follow, later, propose, reject, send_back, unrectified
from tests.evaluations.followup_steps import confirm as confirm_it
from tests.factories import make_sitting

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.clause("[3.9]")]
Race = Callable[[], list[str]]
ONE_OPEN = """CREATE UNIQUE INDEX one_open_follow_up_of_a_round ON evaluations_followup (case_id, round)
    WHERE status = 'open'"""
ONE_STANDING = """CREATE UNIQUE INDEX one_standing_referral_of_a_follow_up ON evaluations_referral (follow_up_id)
    WHERE NOT (status = 'rejected')"""


@pytest.fixture
def sitting(transactional_db: None) -> Sitting:
    ConsentText.objects.get_or_create(text="同意", in_force_from=OPENS)
    return make_sitting(DAY, published=True, opens_at=OPENS)


@pytest.fixture
def no_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every verb looks without a lock."""

    def look(model: Any, pk: Any) -> Any:
        return model._default_manager.get(pk=pk)

    for module in (transitions, followups):
        monkeypatch.setattr(module, "lock", look)


class TestTwoOpenings:
    @pytest.fixture
    def race(self, closed: Case, cast: Cast, overtaken: Overtake) -> Race:  # noqa: F811
        """Both have seen that none is open: a rating, and an inspector."""
        twice = [lambda: follow(closed), lambda: follow(closed, "inspector", cast.inspector)]
        return lambda: overtaken(followups, "start", *twice)

    def test_of_eight_at_once_one_opens_it_and_every_reason_is_kept(self, closed: Case) -> None:
        results = together(8, lambda _place: follow(closed))
        assert Counter(map(outcome, results)) == {"given": 8}
        assert (FollowUp.objects.count(), FollowUpReason.objects.count()) == (1, 8)
        assert Obligation.objects.filter(kind="followup").count() == 1

    def test_the_lock_alone_lets_the_second_join(self, race: Race) -> None:
        with without(FollowUp, "one_open_follow_up_of_a_round", ONE_OPEN):
            assert race() == ["given", "given"]
            assert (FollowUp.objects.count(), FollowUpReason.objects.count()) == (1, 2)

    def test_the_constraint_alone_is_told_as_a_sentence(self, race: Race, no_lock: None) -> None:
        assert race() == ["overtaken", "given"]
        assert FollowUp.objects.count() == 1

    def test_without_both_a_round_is_looked_at_twice(self, race: Race, no_lock: None) -> None:
        with without(FollowUp, "one_open_follow_up_of_a_round", ONE_OPEN):
            assert race() == ["given", "given"]
            assert FollowUp.objects.count() == 2


class TestTwoDecisions:
    @pytest.fixture
    def race(self, inspections: FollowUp, cast: Cast, overtaken: Overtake) -> Race:  # noqa: F811
        """It is sent back; meanwhile, on another page, it is confirmed."""
        return lambda: overtaken(
            guards_followups,
            "check_can_send_back",
            lambda: send_back(inspections, cast.inspector),
            lambda: confirm_it(inspections, cast.inspector),
        )

    def test_one_decision_stands(self, race: Race, inspections: FollowUp) -> None:
        assert race() == ["given", "wrong_status"]
        inspections.refresh_from_db()
        assert inspections.status == "sent_back"
        assert not Message.objects.filter(kind="follow_up_decided").exists()

    def test_without_the_lock_the_enterprise_is_told_both(self, race: Race, no_lock: None, closed: Case) -> None:
        assert race() == ["given", "given"]
        closed.refresh_from_db()
        assert closed.round == 2
        assert Message.objects.filter(kind__in=["follow_up_decided", "case_reopened"]).count() == 2

    def test_of_eight_at_once_one_sends_it_back(self, inspections: FollowUp, closed: Case, cast: Cast) -> None:
        results = together(8, lambda _place: send_back(inspections, cast.inspector))
        assert Counter(map(outcome, results)) == {"given": 1, "already_done": 7}
        closed.refresh_from_db()
        assert (closed.round, closed.assignments.filter(round=2).count()) == (2, 1)


class TestTwoRounds:
    """Past every follow-up: the verb of cases itself."""

    @pytest.fixture
    def race(self, closed: Case, cast: Cast, overtaken: Overtake) -> Race:  # noqa: F811
        def again() -> Case:
            return cases.reopen_case(case_id=closed.pk, finding=FINDING, actor=cast.inspector, now=later())

        return lambda: overtaken(reopening, "leave_merger", again, again)

    def test_one_begins(self, race: Race) -> None:
        assert race() == ["given", "already_done"]
        assert Reopening.objects.count() == 1

    def test_the_constraint_alone_is_told_as_a_sentence(self, race: Race, no_lock: None, closed: Case) -> None:
        assert race() == ["overtaken", "given"]
        closed.refresh_from_db()
        assert (closed.round, Reopening.objects.count(), closed.assignments.filter(round=2).count()) == (2, 1, 1)

    def test_past_the_verb_the_database_refuses_a_second_beginning(self, closed: Case, cast: Cast) -> None:
        begun = {"case": closed, "round": 2, "finding": FINDING, "at": later(), "by": cast.inspector}
        Reopening.objects.create(**begun)
        with pytest.raises(IntegrityError), transaction.atomic():
            Reopening.objects.create(**begun)


class TestReopeningBesideAMerger:
    @pytest.fixture
    def merged(self, sitting: Sitting, cast: Cast) -> list[Case]:
        """The second one is closed, and stands in a merger of three."""
        bookings = [accept(confirm(take(sitting, serial)), cast.bureau_staff) for serial in (1, 2, 3)]
        rows = [hand_over(booking, cast.department_head) for booking in bookings]
        merge(*rows, actor=cast.bureau_staff)
        handled(rows[1], cast)
        return rows

    def test_undoing_the_merger_meanwhile_leaves_nobody_in_it(
        self,
        merged: list[Case],
        cast: Cast,
        overtaken: Overtake,  # noqa: F811
    ) -> None:
        merger = apps.get_model("cases", "Merger").objects.get()
        results = overtaken(
            reopening,
            "leave_merger",
            lambda: cases.reopen_case(case_id=merged[1].pk, finding=FINDING, actor=cast.inspector, now=later()),
            lambda: cases.undo_merger(merger_id=merger.pk, reason="分别办理", actor=cast.bureau_staff, now=later()),
        )
        assert results == ["given", "given"]
        assert not merger.members.filter(is_standing=True).exists()

    def test_many_at_once_never_wait_for_each_other_for_ever(self, merged: list[Case], cast: Cast) -> None:
        """The three members' ways, all at once: no deadlock, and the merger is whole or gone."""
        merger = apps.get_model("cases", "Merger").objects.get()
        acts: list[Callable[[], Any]] = [
            lambda: cases.reopen_case(case_id=merged[1].pk, finding=FINDING, actor=cast.inspector, now=later()),
            lambda: cases.undo_merger(merger_id=merger.pk, reason="分别办理", actor=cast.bureau_staff, now=later()),
            lambda: cases.link_cases(
                case_id=merged[2].pk,
                other_ids=[merged[1].pk],
                reason="同一项目",
                actor=cast.bureau_staff,
                now=later(),
            ),
        ]
        results = together(6, lambda place: acts[place % 3]())
        assert set(map(outcome, results)) <= {"given", "already_done"}
        assert not merger.members.filter(is_standing=True).exists()


class TestTwoOnAReferral:
    @pytest.fixture
    def found(self, inspections: FollowUp, cast: Cast) -> FollowUp:
        return unrectified(inspections, cast.inspector)

    def test_of_approval_and_rejection_at_once_one_stands(
        self,
        found: FollowUp,
        cast: Cast,
        overtaken: Overtake,  # noqa: F811
    ) -> None:
        row = propose(found, cast.inspector)
        approver = cast.inspection_approver
        results = overtaken(
            notices_followups, "referral_decided", lambda: approve(row, approver), lambda: reject(row, approver)
        )
        assert results == ["given", "wrong_status"]
        row.refresh_from_db()
        assert row.status == "approved"

    @pytest.fixture
    def twice(self, found: FollowUp, cast: Cast, overtaken: Overtake) -> Race:  # noqa: F811
        return lambda: overtaken(referrals, "start", *[lambda: propose(found, cast.inspector)] * 2)

    def test_two_proposals_are_one(self, twice: Race) -> None:
        assert twice() == ["given", "already_done"]

    def test_the_constraint_alone_refuses_the_second_proposal(self, twice: Race, no_lock: None) -> None:
        assert twice() == ["overtaken", "given"]
        assert Referral.objects.count() == 1

    def test_without_both_it_is_proposed_twice(self, twice: Race, no_lock: None) -> None:
        with without(Referral, "one_standing_referral_of_a_follow_up", ONE_STANDING):
            assert twice() == ["given", "given"]
            assert Referral.objects.count() == 2
