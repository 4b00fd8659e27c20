"""Every status of a case and of its parts, every verb, every role. A status, move or role missing here fails. [3.7]"""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Model

from appointments.models import Booking
from cases import moves, services
from cases.enums import AssignmentStatus, CaseStatus, Ruling, Verdict
from cases.models import Assignment, Case, Extension, Feedback, Objection
from core.models import AuditEntry, User
from departments.enums import Role
from notifications.models import Message
from tests.cases.conftest import (
    LEAD,
    OTHER,
    accept_feedback,
    ask_extension,
    close,
    close_at_once,
    give_feedback,
    grant,
    hand_over,
    handle_again,
    make_plan,
    object_to,
    part,
    plan,
    return_feedback,
    working_day,
)
from tests.conftest import CAST, Cast
from tests.factories import department
from tests.matrix import outcome, outcomes

pytestmark = [pytest.mark.clause("[3.7]"), pytest.mark.django_db]
SAME_START = True
A, C, V, R = AssignmentStatus, CaseStatus, Verdict, Ruling
WRONG, AGAIN = "wrong_status", "already_done"
BUREAU, APPROVER = "市政务服务局", "inspection_approver"
HANDLING_ROLES = [Role.DEPARTMENT_STAFF, Role.BUREAU_STAFF]
Verbs = Mapping[str, Callable[[Any, User], Any]]


def somebody_of(row: Assignment) -> User:
    """The plan names somebody of the part's own department, whoever tries to make it."""
    return User.objects.filter(membership__department=row.department_id, membership__role__in=HANDLING_ROLES)[0]


def plan_by(row: Assignment, actor: User) -> Assignment:
    return services.make_plan(assignment_id=row.pk, plan=plan(somebody_of(row)), actor=actor, now=working_day(2))


def change_plan(row: Assignment, actor: User) -> Assignment:
    return services.change_plan(
        assignment_id=row.pk, plan=plan(somebody_of(row)), reason="提前", actor=actor, now=working_day(3)
    )


def divide(row: Assignment, actor: User) -> Case:
    shares = dict.fromkeys(Assignment.objects.values_list("department_id", flat=True), "核定")
    return services.divide(assignment_id=row.pk, shares=shares, actor=actor, now=working_day(2))


def make_joint(row: Case, actor: User) -> Case:
    more = (department("市统计局").pk,)
    return services.make_joint(case_id=row.pk, assisting=more, reason="x", actor=actor, now=working_day(1))


def override(row: Case, actor: User) -> Case:
    return services.override_limit(
        case_id=row.pk, working_days=30, legal_basis="税法第一条", actor=actor, now=working_day(1)
    )


def urge(row: Case, actor: User) -> int:
    return services.urge(case_ids=[row.pk], note="请抓紧。", actor=actor, now=working_day(1))


def uphold(row: Objection, actor: User) -> Objection:
    return services.uphold_objection(
        objection_id=row.pk, department_id=department("市商务局").pk, note="是。", actor=actor, now=working_day(1)
    )


def dismiss(row: Objection, actor: User) -> Objection:
    return services.dismiss_objection(objection_id=row.pk, note="否。", actor=actor, now=working_day(1))


def refuse(row: Extension, actor: User) -> Extension:
    return services.refuse_extension(extension_id=row.pk, note="否。", actor=actor, now=working_day(10))


def reopen(row: Case, actor: User) -> Case:
    return services.reopen_case(case_id=row.pk, finding="未见退税到账。", actor=actor, now=working_day(12))


OF_CASE: Verbs = {"close": close, "make_joint": make_joint, "override": override, "urge": urge, "reopen": reopen}
OF_PART: Verbs = {
    "make_plan": lambda row, actor: plan_by(row, actor),
    "change_plan": change_plan,
    "divide": divide,
    "give_feedback": give_feedback,
    "accept_feedback": accept_feedback,
    "return_feedback": return_feedback,
    "object": object_to,
    "ask_extension": lambda row, actor: ask_extension(row, actor, days=25),
}
OF_FEEDBACK: Verbs = {
    "accept_feedback": lambda row, actor: accept_feedback(row.assignment, actor),
    "return_feedback": lambda row, actor: return_feedback(row.assignment, actor),
}
OF_OBJECTION: Verbs = {"uphold": uphold, "dismiss": dismiss}
OF_EXTENSION: Verbs = {"grant": grant, "refuse": refuse}

# Object -> verb -> status -> the status afterwards, or the code of the refusal.
CASES = {
    "close": {C.HANDLING: "not_answered", C.CLOSED: AGAIN},
    "make_joint": {C.HANDLING: C.HANDLING, C.CLOSED: "closed"},
    "override": {C.HANDLING: C.HANDLING, C.CLOSED: "closed"},
    "urge": {C.HANDLING: C.HANDLING, C.CLOSED: C.CLOSED},
    "reopen": {C.HANDLING: AGAIN, C.CLOSED: C.HANDLING},
}
PARTS = {
    "make_plan": {A.PLANNING: A.HANDLING, A.HANDLING: AGAIN, A.CHECKING: WRONG, A.DONE: WRONG, A.WITHDRAWN: WRONG},
    "change_plan": {A.PLANNING: WRONG, A.HANDLING: A.HANDLING, A.CHECKING: WRONG, A.DONE: WRONG, A.WITHDRAWN: WRONG},
    "divide": {
        A.PLANNING: A.PLANNING,
        A.HANDLING: A.HANDLING,
        A.CHECKING: A.CHECKING,
        A.DONE: A.DONE,
        A.WITHDRAWN: WRONG,
    },
    "give_feedback": {A.PLANNING: WRONG, A.HANDLING: A.CHECKING, A.CHECKING: AGAIN, A.DONE: WRONG, A.WITHDRAWN: WRONG},
    "accept_feedback": {A.PLANNING: WRONG, A.HANDLING: WRONG, A.CHECKING: A.DONE, A.DONE: AGAIN, A.WITHDRAWN: WRONG},
    "return_feedback": {
        A.PLANNING: WRONG,
        A.HANDLING: AGAIN,
        A.CHECKING: A.HANDLING,
        A.DONE: WRONG,
        A.WITHDRAWN: WRONG,
    },
    "object": {A.PLANNING: A.PLANNING, A.HANDLING: A.HANDLING, A.CHECKING: WRONG, A.DONE: WRONG, A.WITHDRAWN: WRONG},
    "ask_extension": {
        A.PLANNING: A.PLANNING,
        A.HANDLING: A.HANDLING,
        A.CHECKING: WRONG,
        A.DONE: WRONG,
        A.WITHDRAWN: WRONG,
    },
}
FEEDBACKS = {
    "accept_feedback": {V.PENDING: V.ACCEPTED, V.ACCEPTED: AGAIN, V.RETURNED: WRONG},
    "return_feedback": {V.PENDING: V.RETURNED, V.ACCEPTED: WRONG, V.RETURNED: AGAIN},
}
OBJECTIONS = {
    "uphold": {R.PENDING: R.GRANTED, R.GRANTED: AGAIN, R.REFUSED: WRONG},
    "dismiss": {R.PENDING: R.REFUSED, R.GRANTED: WRONG, R.REFUSED: AGAIN},
}
EXTENSIONS = {
    "grant": {R.PENDING: R.GRANTED, R.GRANTED: AGAIN, R.REFUSED: WRONG},
    "refuse": {R.PENDING: R.REFUSED, R.GRANTED: WRONG, R.REFUSED: AGAIN},
}


def part_in(status: str, case: Case, cast: Cast) -> Assignment:
    """The lead's part, come to its status through the verbs."""
    row, staff = part(case), cast.department_staff
    if status == A.WITHDRAWN:
        uphold(object_to(row, staff), cast.bureau_supervisor)
    elif status != A.PLANNING:
        make_plan(row, staff)
    if status in (A.CHECKING, A.DONE):
        give_feedback(row, staff)
    if status == A.DONE:
        accept_feedback(row, cast.bureau_staff)
    row.refresh_from_db()
    assert row.status == status
    return row


def case_in(status: str, case: Case, cast: Cast) -> Case:
    if status == C.CLOSED:
        part_in(A.DONE, case, cast)
        close(case, cast.bureau_supervisor)
    return case


def feedback_in(status: str, case: Case, cast: Cast) -> Feedback:
    make_plan(part(case), cast.department_staff)
    row = give_feedback(part(case), cast.department_staff)
    if status == V.ACCEPTED:
        accept_feedback(row.assignment, cast.bureau_staff)
    elif status == V.RETURNED:
        return_feedback(row.assignment, cast.bureau_staff)
    return row


def objection_in(status: str, case: Case, cast: Cast) -> Objection:
    row = object_to(part(case), cast.department_staff)
    if status != R.PENDING:
        (uphold if status == R.GRANTED else dismiss)(row, cast.bureau_supervisor)
    return row


def extension_in(status: str, case: Case, cast: Cast) -> Extension:
    row = ask_extension(part(case), cast.department_staff)
    if status != R.PENDING:
        (grant if status == R.GRANTED else refuse)(row, cast.bureau_supervisor)
    return row


def column(table: Mapping[str, Mapping[Any, str]], status: str) -> dict[str, str]:
    return {verb: row[status] for verb, row in table.items()}


def all_tried(verbs: Verbs, row: Any, actor_of: Callable[[str], User]) -> dict[str, str]:
    return outcomes(row, {verb: lambda row, verb=verb: verbs[verb](row, actor_of(verb)) for verb in verbs})


@pytest.mark.parametrize("status", CaseStatus)
def test_every_verb_in_a_status_of_a_case(status: CaseStatus, case: Case, cast: Cast) -> None:
    row = case_in(status, case, cast)
    assert all_tried(OF_CASE, row, lambda verb: cast.bureau_supervisor) == column(CASES, status)


@pytest.mark.parametrize("status", AssignmentStatus)
def test_every_verb_in_a_status_of_an_assignment(status: AssignmentStatus, joint: Case, cast: Cast) -> None:
    row, checks = part_in(status, joint, cast), ("accept_feedback", "return_feedback")
    tried = all_tried(OF_PART, row, lambda verb: cast.bureau_staff if verb in checks else cast.department_staff)
    assert tried == column(PARTS, status)


@pytest.mark.parametrize("status", Verdict)
def test_every_verb_in_a_status_of_a_feedback(status: Verdict, case: Case, cast: Cast) -> None:
    row = feedback_in(status, case, cast)
    assert all_tried(OF_FEEDBACK, row, lambda verb: cast.bureau_staff) == column(FEEDBACKS, status)


@pytest.mark.parametrize("status", Ruling)
def test_every_verb_in_a_status_of_an_objection(status: Ruling, case: Case, cast: Cast) -> None:
    row = objection_in(status, case, cast)
    assert all_tried(OF_OBJECTION, row, lambda verb: cast.bureau_supervisor) == column(OBJECTIONS, status)


@pytest.mark.parametrize("status", Ruling)
def test_every_verb_in_a_status_of_an_extension(status: Ruling, case: Case, cast: Cast) -> None:
    row = extension_in(status, case, cast)
    assert all_tried(OF_EXTENSION, row, lambda verb: cast.bureau_supervisor) == column(EXTENSIONS, status)


def test_a_case_that_every_department_has_answered_is_closed(case: Case, cast: Cast) -> None:
    part_in(A.DONE, case, cast)
    assert outcome(case, lambda row: close(row, cast.bureau_supervisor)) == C.CLOSED


# Who may, of the cast: the part is 市税务局's, so that 市统计局's staff may not; or it is the bureau's own.
UNIT = {"department_staff", "department_head"}
STAFF = {"bureau_staff", "bureau_supervisor"}
SUPERVISOR, DECIDES = {"bureau_supervisor"}, {APPROVER}
HANDLE = ("make_plan", "change_plan", "divide", "give_feedback", "object", "ask_extension")
CHECK = ("accept_feedback", "return_feedback")
RULE = ("uphold", "dismiss", "grant", "refuse")
MAY = {
    **dict.fromkeys(HANDLE, UNIT),
    **dict.fromkeys(CHECK, STAFF),
    **dict.fromkeys(RULE, SUPERVISOR),
    "close": SUPERVISOR,
    "make_joint": STAFF,
    "override": STAFF,
    "urge": {*STAFF, "inspector", APPROVER},
    "reopen": {*STAFF, "inspector", APPROVER},
    "hand_over": {*STAFF, "department_head"},
    "close_at_once": {*STAFF, "department_head"},
}
# Where the bureau handles, the inspection office decides.
MAY_OF_THE_BUREAUS = MAY | {
    **dict.fromkeys(HANDLE, STAFF),
    **dict.fromkeys((*CHECK, *RULE, "override", "close"), DECIDES),
    "reopen": {"inspector", APPROVER},
}
ALL_VERBS: Verbs = {
    **OF_CASE,
    **OF_PART,
    **OF_OBJECTION,
    **OF_EXTENSION,
    "hand_over": lambda row, actor: hand_over(row, actor),
    "close_at_once": lambda row, actor: close_at_once(row, actor),
}


def ready_for(verb: str, booking: Booking, cast: Cast, lead: str, *, again: bool = False) -> Any:
    """What the verb acts on, in a status in which it does something; `again`: in its second round."""
    if verb in ("hand_over", "close_at_once"):
        return booking
    staff, checks = (cast.department_staff, cast.bureau_staff) if lead == LEAD else (cast.bureau_staff, cast[APPROVER])
    case = hand_over(booking, cast.bureau_staff, lead=lead, assisting=(OTHER,) if verb == "divide" else ())
    if again:
        handle_again(case, cast, lead=lead)
    row = part(case, lead)
    if verb in OF_OBJECTION:
        return object_to(row, staff)
    if verb in OF_EXTENSION:
        return ask_extension(row, staff)
    if verb in ("change_plan", "give_feedback", *CHECK, "close", "reopen"):
        make_plan(row, staff)
    if verb in (*CHECK, "close", "reopen"):
        give_feedback(row, staff)
    if verb in ("close", "reopen"):
        accept_feedback(row, checks)
    if verb == "reopen":
        close(case, cast.bureau_supervisor if lead == LEAD else checks)
    return case if verb in OF_CASE else Assignment.objects.get(pk=row.pk)


@pytest.mark.parametrize("lead", [LEAD, BUREAU])
@pytest.mark.parametrize("verb", ALL_VERBS)
def test_every_other_role_is_refused_and_changes_nothing(verb: str, lead: str, booking: Booking, cast: Cast) -> None:
    row = ready_for(verb, booking, cast, lead)
    may = (MAY if lead == LEAD else MAY_OF_THE_BUREAUS)[verb]
    before = snapshot()
    for person in sorted(CAST.keys() - may):
        with pytest.raises(PermissionDenied):
            ALL_VERBS[verb](row, cast[person])
        assert snapshot() == before, person


@pytest.mark.parametrize(
    ("lead", "verb", "person"),
    [
        (lead, verb, person)
        for lead, table in ((LEAD, MAY), (BUREAU, MAY_OF_THE_BUREAUS))
        for verb, people in table.items()
        for person in sorted(people)
    ],
)
def test_whoever_may_does_it(lead: str, verb: str, person: str, booking: Booking, cast: Cast) -> None:
    row = ready_for(verb, booking, cast, lead)
    before = snapshot()
    ALL_VERBS[verb](row, cast[person])
    assert snapshot() != before


def snapshot() -> list[Any]:
    """Every row of a case and of what hangs on it, and how much was said and recorded."""
    models: list[type[Model]] = [Case, Assignment, Feedback, Objection, Extension]
    rows: list[Any] = [list(model._default_manager.order_by("pk").values()) for model in models]
    return [*rows, AuditEntry.objects.count(), Message.objects.count()]


# What comes through the ticket's secret address has no role; what is no verb has none either.
# Their tables stand beside their own tests: what binds cases together, a person's filters, a look, upkeep.
OF_TIES = {
    *("link_cases", "undo_link", "merge_cases", "undo_merger", "open_common", "change_common"),
    *("answer_together", "accept_together", "close_together"),
    *("add_to_common", "take_out_of_common", "settle_common", "reopen_common"),
}
ELSEWHERE = {
    *("add_to_case", "keep_unsent", "forget_unsent", "remove_file", "write_down_for_enterprise"),
    *("save_filter", "remove_filter", "reveal_contact", "remind", "index_again", "take_up_closing"),
    *OF_TIES,
}
OF_THESE = [
    *moves.CASE_MOVES,
    *moves.ASSIGNMENT_MOVES,
    *moves.FEEDBACK_MOVES,
    *moves.OBJECTION_MOVES,
    *moves.EXTENSION_MOVES,
]
NO_VERBS = {"KINDS_OWED", "Answer", "Common", "Parts", "Plan", "feedback_day", "tell_enterprise", "tell_unit"}


def test_the_tables_know_every_status_every_move_and_every_role() -> None:
    tables: list[tuple[Mapping[str, Mapping[Any, str]], Verbs, Any]] = [
        (CASES, OF_CASE, CaseStatus),
        (PARTS, OF_PART, AssignmentStatus),
        (FEEDBACKS, OF_FEEDBACK, Verdict),
        (OBJECTIONS, OF_OBJECTION, Ruling),
        (EXTENSIONS, OF_EXTENSION, Ruling),
    ]
    for table, verbs, statuses in tables:
        assert set(table) == set(verbs)
        assert all(set(row) == set(statuses) for row in table.values())
    assert set(MAY) == set(MAY_OF_THE_BUREAUS) == set(ALL_VERBS)
    assert len(ALL_VERBS) == len(set(services.__all__) - ELSEWHERE - NO_VERBS)
    assert {role for role, _department in CAST.values()} == set(Role)
    assert {status for move in OF_THESE for status in (*move.sources, move.target)} == {*A, *C, *V, *R}
