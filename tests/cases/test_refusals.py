"""Every refusal that a verb of cases names, by its code; a code named in a docstring and not provoked here fails."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from appointments.models import Booking
from cases import services
from cases.enums import Result
from core.errors import Refused
from core.workdays import due_date
from tests.cases.conftest import DAY, OTHER, SEEN, working_day
from tests.cases.scene import Scene
from tests.cases.test_matrix import ELSEWHERE
from tests.conftest import Cast

pytestmark = [pytest.mark.clause("[3.7]"), pytest.mark.django_db]
SAME_START = True
SATURDAY = date(2027, 1, 16)


Provoke = Callable[[Scene], Any]
LATER = {"planned_on": date(2027, 3, 1)}
REFUSALS: dict[str, dict[str, Provoke]] = {
    "close_at_once": {
        "no_answer": lambda at: at.close_at_once(answer=" "),
        "already_done": lambda at: at.handed_over().close_at_once(),
        "not_seen": lambda at: at.cancelled().close_at_once(),
        "day_ahead": lambda at: at.close_at_once(now=SEEN.replace(day=25)),
    },
    "hand_over": {
        "no_department": lambda at: at.hand_over(lead=0),
        "already_done": lambda at: at.handed_over().hand_over(),
        "not_seen": lambda at: at.cancelled().hand_over(),
        "day_ahead": lambda at: at.hand_over(now=SEEN.replace(day=25)),
    },
    "make_joint": {
        "no_reason": lambda at: at.handed_over().make_joint(OTHER, reason=" "),
        "no_department": lambda at: at.handed_over().make_joint(),
        "closed": lambda at: at.closed().make_joint(OTHER),
    },
    "override_limit": {
        "no_basis": lambda at: at.handed_over().override_limit(legal_basis=" "),
        "bad_length": lambda at: at.handed_over().override_limit(working_days=0),
        "closed": lambda at: at.closed().override_limit(),
    },
    "make_plan": {
        "no_measures": lambda at: at.handed_over().make_plan(measures=" "),
        "no_handler": lambda at: at.handed_over().make_plan(handler=0),
        "not_of_the_department": lambda at: at.handed_over().make_plan(handler=at.other.pk),
        "too_early": lambda at: at.handed_over().make_plan(planned_on=DAY),
        "no_reason": lambda at: at.handed_over().make_plan(**LATER),
        "closed": lambda at: at.closed().make_plan(),
        "already_done": lambda at: at.planned().make_plan(),
        "wrong_status": lambda at: at.answered().make_plan(),
    },
    "change_plan": {
        "no_measures": lambda at: at.planned().change_plan(measures=" "),
        "no_change_reason": lambda at: at.planned().change_plan(reason=" "),
        "no_handler": lambda at: at.planned().change_plan(handler=0),
        "not_of_the_department": lambda at: at.planned().change_plan(handler=at.other.pk),
        "too_early": lambda at: at.planned().change_plan(planned_on=DAY),
        "no_reason": lambda at: at.planned().change_plan(**LATER),
        "closed": lambda at: at.closed().change_plan(),
        "wrong_status": lambda at: at.answered().change_plan(),
    },
    "divide": {
        "not_the_lead": lambda at: at.handed_over(OTHER).divide(name=OTHER, actor=at.other),
        "no_share": lambda at: at.handed_over(OTHER).divide(share=" "),
        "wrong_status": lambda at: at.withdrawn().divide(),
        "closed": lambda at: at.closed().divide(),
    },
    "give_feedback": {
        "no_text": lambda at: at.planned().give_feedback(text=" "),
        "no_help": lambda at: at.planned().give_feedback(result=Result.EXPLAINED),
        "closed": lambda at: at.closed().give_feedback(),
        "already_done": lambda at: at.answered().give_feedback(),
        "wrong_status": lambda at: at.handed_over().give_feedback(),
    },
    "accept_feedback": {
        "nothing_to_check": lambda at: at.without_its_feedback().accept_feedback(),
        "closed": lambda at: at.closed().accept_feedback(),
        "already_done": lambda at: at.done().accept_feedback(),
        "wrong_status": lambda at: at.planned().accept_feedback(),
    },
    "return_feedback": {
        "no_note": lambda at: at.answered().return_feedback(note=" "),
        "nothing_to_check": lambda at: at.without_its_feedback().return_feedback(),
        "closed": lambda at: at.closed().return_feedback(),
        "already_done": lambda at: at.planned().return_feedback(),
        "wrong_status": lambda at: at.done().return_feedback(),
    },
    "close_case": {
        "no_answer": lambda at: at.done().close_case(answer=" "),
        "not_answered": lambda at: at.answered().close_case(),
        "still_pending": lambda at: at.done_with_a_question().close_case(),
        "promised_later": lambda at: at.promised().close_case(),
        "no_report_day": lambda at: at.promised().close_case(result=Result.LONG_TERM),
        "already_done": lambda at: at.closed().close_case(),
    },
    "urge": {"no_note": lambda at: at.handed_over().urge(" ")},
    "object_to_assignment": {
        "no_reason": lambda at: at.handed_over().object_to_assignment(reason=" "),
        "no_basis": lambda at: at.handed_over().object_to_assignment(legal_basis=" "),
        "already_objected": lambda at: at.objected().object_to_assignment(),
        "too_late": lambda at: at.handed_over().object_to_assignment(now=working_day(2)),
        "wrong_status": lambda at: at.answered().object_to_assignment(),
        "closed": lambda at: at.closed().object_to_assignment(),
    },
    "uphold_objection": {
        "no_note": lambda at: at.objected().uphold(note=" "),
        "no_department": lambda at: at.objected().uphold(name=""),
        "has_a_part": lambda at: at.handed_over(OTHER).object_to_assignment() and at.uphold(),
        "already_done": lambda at: at.withdrawn().uphold(),
        "wrong_status": lambda at: at.objected().dismiss() and at.uphold(),
        "closed": lambda at: at.objection_and_closed().uphold(),
    },
    "dismiss_objection": {
        "no_note": lambda at: at.objected().dismiss(note=" "),
        "already_done": lambda at: at.objected().dismiss() and at.dismiss(),
        "wrong_status": lambda at: at.withdrawn().dismiss(),
        "closed": lambda at: at.objection_and_closed().dismiss(),
    },
    "ask_extension": {
        "no_reason": lambda at: at.handed_over().ask_extension(reason=" "),
        "rest_day": lambda at: at.handed_over().ask_extension(day=SATURDAY),
        "not_later": lambda at: at.handed_over().ask_extension(day=due_date(DAY, 15).due),
        "wrong_status": lambda at: at.answered().ask_extension(),
        "pending_already": lambda at: at.asked().ask_extension(),
        "closed": lambda at: at.closed().ask_extension(),
    },
    "reopen_case": {
        "no_finding": lambda at: at.closed().reopen_case(" "),
        "no_department": lambda at: at.close_at_once() and at.reopen_case(),
        "already_done": lambda at: at.closed().reopen_case() and at.reopen_case(),
    },
    "grant_extension": {
        "rest_day": lambda at: at.asked().grant(SATURDAY),
        "not_later": lambda at: at.asked().grant(due_date(DAY, 15).due),
        "beyond_asked": lambda at: at.asked().grant(due_date(DAY, 40).due),
        "already_done": lambda at: at.asked().grant() and at.grant(),
        "wrong_status": lambda at: at.asked().refuse() and at.grant(),
        "closed": lambda at: at.ruled_and_closed().grant(),
    },
    "refuse_extension": {
        "no_note": lambda at: at.asked().refuse(note=" "),
        "already_done": lambda at: at.asked().refuse() and at.refuse(),
        "wrong_status": lambda at: at.asked().grant() and at.refuse(),
        "closed": lambda at: at.ruled_and_closed().refuse(),
    },
}


@pytest.mark.parametrize(("verb", "code"), [(verb, code) for verb in REFUSALS for code in REFUSALS[verb]])
def test_every_refusal_says_its_code_and_a_sentence(verb: str, code: str, booking: Booking, cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        REFUSALS[verb][code](Scene(booking, cast))
    assert refusal.value.code == code
    assert str(refusal.value.message).endswith("。")


def test_every_code_of_a_docstring_is_provoked_here() -> None:
    for name in sorted(set(services.__all__) - ELSEWHERE):
        verb = getattr(services, name)
        if not isinstance(verb, type) and callable(verb):
            _said, _refuses, codes = (verb.__doc__ or "").partition("Refuses")
            assert set(re.findall(r"`(\w+)`", codes)) == set(REFUSALS.get(name, {})), name


@pytest.mark.parametrize("name", sorted({"make_plan", "close_case", "uphold_objection", "grant_extension"}))
def test_what_is_gone_is_refused(name: str, cast: Cast) -> None:
    plan = services.Plan(cast.department_staff.pk, DAY, "x")
    common = {"actor": cast.bureau_supervisor, "now": SEEN}
    gone: dict[str, Callable[[], Any]] = {
        "make_plan": lambda: services.make_plan(assignment_id=0, plan=plan, **common),
        "close_case": lambda: services.close_case(case_id=0, result="solved", answer="x", **common),
        "uphold_objection": lambda: services.uphold_objection(objection_id=0, department_id=0, note="x", **common),
        "grant_extension": lambda: services.grant_extension(extension_id=0, day=DAY, note="", **common),
    }
    with pytest.raises(Refused, match="gone"):
        gone[name]()
