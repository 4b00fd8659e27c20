"""Two at once on one case, on PostgreSQL, with the controls that show what each safeguard is for. [3.7]"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from types import ModuleType
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from appointments.models import Booking, ConsentText
from cases import guards, services
from cases.enums import Result
from cases.models import Assignment, Case, Extension, Feedback, Objection
from cases.services import clocks, opening, planning, rulings
from core import transitions
from core.models import AuditEntry
from core.workdays import due_date
from deadlines import guards as deadline_guards
from deadlines.models import Obligation
from deadlines.services import remind_of
from sessions_app.models import Sitting
from tests.appointments.conftest import OPENS
from tests.appointments.test_races import outcome
from tests.cases.conftest import (
    DAY,
    LEAD,
    OTHER,
    accept_feedback,
    ask_extension,
    close,
    give_feedback,
    grant,
    hand_over,
    make_plan,
    object_to,
    part,
    plan,
    return_feedback,
    working_day,
)
from tests.conftest import Cast
from tests.deadlines.conftest import together
from tests.factories import department, make_sitting

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.clause("[3.7]")]
# How long the one who has looked waits for the other to write: with a lock in force, in vain.
PATIENCE = 0.7


@pytest.fixture
def sitting(transactional_db: None) -> Sitting:
    ConsentText.objects.get_or_create(text="同意", in_force_from=OPENS)
    department(OTHER)
    return make_sitting(DAY, published=True, opens_at=OPENS)


@pytest.fixture
def no_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every verb looks without a lock."""

    def look(model: Any, pk: Any) -> Any:
        return model._default_manager.get(pk=pk)

    for module in (transitions, opening, planning):
        monkeypatch.setattr(module, "lock", look)


@contextmanager
def without(model: Any, name: str, again: str) -> Iterator[None]:
    """A constraint is gone, and back when the rows that broke it are."""
    table = model._meta.db_table
    is_index = any(constraint.name == name for constraint in model._meta.constraints)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {name}" if is_index else f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield
    # A cascade would come to the ratings, which refuse to be emptied.
    call_command("flush", interactive=False, verbosity=0, reset_sequences=False)
    with connection.cursor() as cursor:
        cursor.execute(again if is_index else f"ALTER TABLE {table} ADD CONSTRAINT {name} {again}")


Overtake = Callable[..., list[str]]


@pytest.fixture
def overtaken(monkeypatch: pytest.MonkeyPatch) -> Overtake:
    """`second` starts when `first` has looked and comes to `step`, which waits for it to have written."""

    def run(module: ModuleType, step: str, first: Callable[[], Any], second: Callable[[], Any]) -> list[str]:
        looked, written, original = threading.Event(), threading.Event(), getattr(module, step)
        names: set[int] = set()

        def waits(*args: Any, **options: Any) -> Any:
            if threading.get_ident() in names:
                names.clear()
                looked.set()
                written.wait(PATIENCE)
            return original(*args, **options)

        def work(place: int) -> Any:
            if place == 0:
                names.add(threading.get_ident())
                return first()
            assert looked.wait(10)
            try:
                return second()
            finally:
                written.set()

        monkeypatch.setattr(module, step, waits)
        return [outcome(result) for result in together(2, work)]

    return run


class TestTwoHandOvers:
    @pytest.fixture
    def race(self, booking: Booking, cast: Cast, overtaken: Overtake) -> Callable[[], list[str]]:
        """Both have seen that there is no case yet."""
        once = [lambda: hand_over(booking, cast.department_head), lambda: hand_over(booking, cast.bureau_staff)]
        return lambda: overtaken(opening, "start", *once)

    def test_of_eight_at_once_one_opens_the_case(self, booking: Booking, cast: Cast) -> None:
        results = together(8, lambda _place: hand_over(booking, cast.department_head))
        assert Counter(map(outcome, results)) == {"given": 1, "already_done": 7}
        assert (Case.objects.count(), Assignment.objects.count()) == (1, 1)

    def test_the_lock_alone_lets_the_second_see_the_first(self, race: Any) -> None:
        with without(Case, "cases_case_booking_id_key", "UNIQUE (booking_id)"):
            assert race() == ["given", "already_done"]
            assert Case.objects.count() == 1

    def test_the_constraint_alone_is_told_as_a_sentence(self, race: Any, no_lock: None) -> None:
        assert race() == ["overtaken", "given"]
        assert Case.objects.count() == 1

    def test_without_both_one_demand_is_two_cases(self, race: Any, no_lock: None) -> None:
        with without(Case, "cases_case_booking_id_key", "UNIQUE (booking_id)"):
            assert race() == ["given", "given"]
            assert Case.objects.count() == 2


ONE_LEAD = """CREATE UNIQUE INDEX one_lead_in_a_round ON cases_assignment (case_id, round)
    WHERE is_lead AND status IN ('planning', 'handling', 'checking', 'done')"""


class TestPlanAgainstWithdrawal:
    @pytest.fixture
    def race(self, case: Case, cast: Cast, overtaken: Overtake) -> Callable[[], list[str]]:
        """The plan is looked at; meanwhile the objection is upheld and another department leads."""
        objection = object_to(part(case), cast.department_staff)
        row = part(case)
        return lambda: overtaken(
            guards,
            "check_handler",
            lambda: make_plan(row, cast.department_staff, now=working_day(1)),
            lambda: services.uphold_objection(
                objection_id=objection.pk,
                department_id=department(OTHER).pk,
                note="是。",
                actor=cast.bureau_supervisor,
                now=working_day(1),
            ),
        )

    def leads(self) -> list[str]:
        return sorted(row.department.name for row in Assignment.objects.taking_part().filter(is_lead=True))

    def test_the_plan_is_made_and_then_withdrawn(self, race: Any) -> None:
        assert race() == ["given", "given"]
        assert self.leads() == [OTHER]
        assert Obligation.objects.get(kind="feedback", status="open").department.name == OTHER

    @pytest.fixture
    def no_look(self, no_lock: None, monkeypatch: pytest.MonkeyPatch) -> None:
        """No lock, and the plan does not even notice that nothing is owed any more."""
        monkeypatch.setattr(clocks, "feedback_due", lambda _assignment: due_date(DAY, 15).due)

    def test_the_constraint_alone_refuses_the_plan(self, race: Any, no_look: None) -> None:
        assert race() == ["overtaken", "given"]
        assert self.leads() == [OTHER]

    def test_without_both_a_case_has_two_leads(self, race: Any, no_look: None) -> None:
        with without(Assignment, "one_lead_in_a_round", ONE_LEAD):
            assert race() == ["given", "given"]
            assert self.leads() == sorted([LEAD, OTHER])


class TestFeedbackAgainstClosing:
    @pytest.fixture
    def race(self, case: Case, cast: Cast, overtaken: Overtake) -> Callable[[], list[str]]:
        """What was promised is reported; meanwhile the case is listed for the long term and closed."""
        row = make_plan(part(case), cast.department_staff, day=due_date(DAY, 40).due, why_later="x")
        give_feedback(row, cast.department_staff, result=Result.PARTLY)
        accept_feedback(row, cast.bureau_staff)
        listed = {"result": Result.LONG_TERM, "next_report_on": due_date(DAY, 60).due}
        return lambda: overtaken(
            clocks,
            "answered",
            lambda: give_feedback(row, cast.department_staff),
            lambda: close(case, cast.bureau_supervisor, **listed),
        )

    def test_a_case_is_not_closed_over_what_is_being_answered(self, race: Any, case: Case) -> None:
        assert race() == ["given", "not_answered"]
        case.refresh_from_db()
        assert case.status == "handling"

    def test_without_the_lock_a_closed_case_has_an_answer_that_nobody_checked(
        self, race: Any, case: Case, no_lock: None
    ) -> None:
        assert race() == ["given", "given"]
        case.refresh_from_db()
        assert (case.status, Feedback.objects.latest("pk").status) == ("closed", "pending")


class TestExtensionAgainstFeedback:
    @pytest.fixture
    def race(self, case: Case, cast: Cast, overtaken: Overtake) -> Callable[[], list[str]]:
        """More time is granted; meanwhile the feedback is given."""
        row = make_plan(part(case), cast.department_staff)
        asked = ask_extension(row, cast.department_staff, now=working_day(3))
        return lambda: overtaken(
            guards,
            "check_extension_day",
            lambda: grant(asked, cast.bureau_supervisor),
            lambda: give_feedback(row, cast.department_staff),
        )

    def dates(self) -> tuple[str, int]:
        row = Obligation.objects.get(kind="feedback")
        return row.status, row.revisions.count()

    def test_one_goes_before_the_other(self, race: Any) -> None:
        assert race() == ["given", "given"]
        assert self.dates() == ("met", 2)
        met, moved = (
            AuditEntry.objects.filter(action=action).latest("pk").pk
            for action in ("meet_obligation", "revise_obligation")
        )
        assert moved < met

    def test_without_the_cases_lock_the_obligation_still_refuses(self, race: Any, no_lock: None) -> None:
        assert race() == ["not_open", "given"]
        assert (self.dates(), Extension.objects.get().status) == (("met", 1), "pending")

    def test_without_both_the_date_of_what_is_done_moves(
        self, race: Any, no_lock: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(deadline_guards, "check_open", lambda _row: None)
        assert race() == ["given", "given"]
        assert self.dates() == ("met", 2)
        assert AuditEntry.objects.filter(action="revise_obligation").latest("pk").after == str(due_date(DAY, 20).due)


class TestTwoObjections:
    @pytest.fixture
    def race(self, case: Case, cast: Cast, overtaken: Overtake) -> Callable[[], list[str]]:
        row = part(case)
        both = [lambda: object_to(row, cast.department_staff), lambda: object_to(row, cast.department_head)]
        return lambda: overtaken(rulings, "start", *both)

    def test_the_second_is_told_of_the_first(self, race: Any) -> None:
        with without(Objection, "cases_objection_assignment_id_key", "UNIQUE (assignment_id)"):
            assert race() == ["given", "already_objected"]

    def test_the_constraint_alone_is_told_as_a_sentence(self, race: Any, no_lock: None) -> None:
        assert race() == ["overtaken", "given"]
        assert Objection.objects.count() == 1

    def test_without_both_there_are_two(self, race: Any, no_lock: None) -> None:
        with without(Objection, "cases_objection_assignment_id_key", "UNIQUE (assignment_id)"):
            assert race() == ["given", "given"]
            assert Objection.objects.count() == 2


class TestAcceptAgainstReturn:
    @pytest.fixture
    def race(self, case: Case, cast: Cast, overtaken: Overtake) -> Callable[[], list[str]]:
        row = make_plan(part(case), cast.department_staff)
        give_feedback(row, cast.department_staff)
        return lambda: overtaken(
            clocks,
            "end_ruling",
            lambda: accept_feedback(row, cast.bureau_staff),
            lambda: return_feedback(row, cast.bureau_supervisor),
        )

    def test_the_second_finds_it_decided(self, race: Any, case: Case) -> None:
        assert race() == ["given", "wrong_status"]
        assert (part(case).status, Feedback.objects.get().status) == ("done", "accepted")

    def test_without_the_lock_it_is_accepted_and_returned(self, race: Any, case: Case, no_lock: None) -> None:
        assert race() == ["given", "given"]
        decided = AuditEntry.objects.filter(action__in=["feedback_accepted", "feedback_returned"])
        assert decided.count() == 2


def test_whatever_meets_on_one_case_ends_in_a_sentence(joint: Case, cast: Cast) -> None:
    """Verbs, rulings and sweeps in eight threads: no deadlock, no server error, and one state in the end."""
    lead, other = part(joint), part(joint, OTHER)
    late = working_day(21)
    steps: list[Callable[[], Any]] = [
        lambda: make_plan(lead, cast.department_staff, day=due_date(DAY, 40).due, why_later="x"),
        lambda: make_plan(other, cast.other_department_staff),
        lambda: remind_of(services.KINDS_OWED, late),
        lambda: ask_extension(lead, cast.department_staff, days=25),
        lambda: services.urge(case_ids=[joint.pk], note="x", actor=cast.inspector, now=late),
        lambda: grant(Extension.objects.latest("pk"), cast.bureau_supervisor, days=25),
        lambda: services.override_limit(
            case_id=joint.pk, working_days=30, legal_basis="某法", actor=cast.bureau_staff, now=late
        ),
        lambda: services.change_plan(
            assignment_id=lead.pk, plan=plan(cast.department_head, day=due_date(DAY, 45).due, why_later="y"),
            reason="x", actor=cast.department_staff, now=late,
        ),
        lambda: give_feedback(lead, cast.department_staff, now=late),
        lambda: return_feedback(lead, cast.bureau_staff, now=late),
        lambda: accept_feedback(lead, cast.bureau_staff, now=late),
    ]  # fmt: skip

    def work(place: int) -> list[str]:
        said = []
        for step in islice(cycle(steps), place, place + 2 * len(steps)):
            try:
                step()
            except Exception as error:
                said.append(outcome(error))
        return said

    said = Counter(code for result in together(8, work) for code in result)
    assert set(said) <= {"wrong_status", "already_done", "pending_already", "not_later", "DoesNotExist", "not_open"}
    assert Feedback.objects.filter(status="pending").count() <= 1
    for row in Obligation.objects.filter(owner__startswith="cases.case"):
        assert row.revisions.count() == row.revision
