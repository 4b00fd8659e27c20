"""The steps of one case in a word each, and its verbs with what is not said as it should be."""

from datetime import date
from typing import Any

from appointments.models import Booking
from cases import services
from cases.enums import Outcome, Result
from cases.models import Assignment, Case, Extension, Feedback, Objection
from core.models import User
from core.workdays import due_date
from tests.appointments.conftest import cancel
from tests.cases.conftest import (
    DAY,
    LEAD,
    OTHER,
    SEEN,
    accept_feedback,
    ask_extension,
    close,
    give_feedback,
    grant,
    hand_over,
    make_plan,
    object_to,
    working_day,
)
from tests.conftest import Cast
from tests.factories import department


class Scene:
    """A booking at its consultation, and the steps of its case in one word each."""

    def __init__(self, booking: Booking, cast: Cast) -> None:
        self.booking, self.cast = booking, cast
        self.staff, self.other, self.bureau = (
            cast.department_staff,
            cast.other_department_staff,
            cast.bureau_supervisor,
        )

    @property
    def case(self) -> Case:
        return Case.objects.get()

    @property
    def part(self) -> Assignment:
        return Assignment.objects.filter(department__name=LEAD).latest("pk")

    def handed_over(self, *assisting: str) -> "Scene":
        hand_over(self.booking, self.cast.department_head, assisting=assisting)
        return self

    def planned(self, **options: Any) -> "Scene":
        make_plan(self.handed_over().part, self.staff, **options)
        return self

    def answered(self) -> "Scene":
        give_feedback(self.planned().part, self.staff)
        return self

    def done(self) -> "Scene":
        accept_feedback(self.answered().part, self.bureau)
        return self

    def closed(self) -> "Scene":
        close(self.done().case, self.bureau)
        return self

    def withdrawn(self) -> "Scene":
        self.objected().uphold()
        return self

    def objected(self) -> "Scene":
        object_to(self.handed_over().part, self.staff)
        return self

    def asked(self) -> "Scene":
        ask_extension(self.handed_over().part, self.staff, now=working_day(3))
        return self

    # The verbs, with what is not said as it should be.

    def close_at_once(self, answer: str = "当场退税。", now: Any = SEEN) -> Any:
        return services.close_at_once(
            booking_id=self.booking.pk,
            outcome=Outcome.SOLVED,
            points="x",
            answer=answer,
            day=DAY,
            actor=self.bureau,
            now=now,
        )

    def hand_over(self, lead: int | None = None, now: Any = SEEN) -> Any:
        parts = services.Parts(department(LEAD).pk if lead is None else lead)
        return services.hand_over(
            booking_id=self.booking.pk, parts=parts, points="x", day=DAY, actor=self.bureau, now=now
        )

    def make_joint(self, *names: str, reason: str = "x") -> Any:
        keys = tuple(department(name).pk for name in names)
        return services.make_joint(
            case_id=self.case.pk, assisting=keys, reason=reason, actor=self.bureau, now=working_day(1)
        )

    def override_limit(self, working_days: int = 30, legal_basis: str = "某法") -> Any:
        return services.override_limit(
            case_id=self.case.pk, working_days=working_days, legal_basis=legal_basis, actor=self.bureau, now=SEEN
        )

    def plan(self, **changes: Any) -> services.Plan:
        columns = {"handler": self.staff.pk, "planned_on": due_date(DAY, 10).due, "measures": "x"} | changes
        return services.Plan(**columns)

    def make_plan(self, **changes: Any) -> Any:
        return services.make_plan(
            assignment_id=self.part.pk, plan=self.plan(**changes), actor=self.staff, now=working_day(3)
        )

    def change_plan(self, reason: str = "x", **changes: Any) -> Any:
        return services.change_plan(
            assignment_id=self.part.pk, plan=self.plan(**changes), reason=reason, actor=self.staff, now=working_day(3)
        )

    def divide(self, share: str = "x", name: str = LEAD, actor: User | None = None) -> Any:
        row = Assignment.objects.filter(department__name=name).latest("pk")
        shares = dict.fromkeys(Assignment.objects.values_list("department_id", flat=True), share)
        return services.divide(assignment_id=row.pk, shares=shares, actor=actor or self.staff, now=SEEN)

    def give_feedback(self, text: str = "x", result: str = Result.SOLVED) -> Any:
        return services.give_feedback(
            assignment_id=self.part.pk, answer=services.Answer(result, text), actor=self.staff, now=working_day(9)
        )

    def accept_feedback(self) -> Any:
        return accept_feedback(self.part, self.bureau)

    def return_feedback(self, note: str = "x") -> Any:
        return services.return_feedback(assignment_id=self.part.pk, note=note, actor=self.bureau, now=working_day(9))

    def close_case(self, answer: str = "x", result: str = Result.SOLVED) -> Any:
        return services.close_case(
            case_id=self.case.pk, result=result, answer=answer, actor=self.bureau, now=working_day(10)
        )

    def reopen_case(self, finding: str = "x") -> Any:
        return services.reopen_case(case_id=self.case.pk, finding=finding, actor=self.bureau, now=working_day(12))

    def urge(self, note: str) -> Any:
        return services.urge(case_ids=[self.case.pk], note=note, actor=self.bureau, now=SEEN)

    def object_to_assignment(self, reason: str = "x", legal_basis: str = "x", now: Any = SEEN) -> Any:
        return services.object_to_assignment(
            assignment_id=self.part.pk, reason=reason, legal_basis=legal_basis, actor=self.staff, now=now
        )

    def uphold(self, name: str = OTHER, note: str = "x") -> Any:
        return services.uphold_objection(
            objection_id=Objection.objects.get().pk,
            department_id=department(name).pk if name else 0,
            note=note,
            actor=self.bureau,
            now=working_day(1),
        )

    def dismiss(self, note: str = "x") -> Any:
        return services.dismiss_objection(
            objection_id=Objection.objects.get().pk, note=note, actor=self.bureau, now=working_day(1)
        )

    def ask_extension(self, reason: str = "x", day: date | None = None) -> Any:
        return services.ask_extension(
            assignment_id=self.part.pk,
            day=day or due_date(DAY, 20).due,
            reason=reason,
            actor=self.staff,
            now=working_day(3),
        )

    def grant(self, day: date | None = None) -> Any:
        return services.grant_extension(
            extension_id=Extension.objects.get().pk,
            day=day or due_date(DAY, 20).due,
            note="",
            actor=self.bureau,
            now=working_day(4),
        )

    def refuse(self, note: str = "x") -> Any:
        return services.refuse_extension(
            extension_id=Extension.objects.get().pk, note=note, actor=self.bureau, now=working_day(4)
        )

    # What the verbs above alone do not bring about.

    def ruled_and_closed(self) -> "Scene":
        """Asked and decided, and the case closed since."""
        self.asked()
        grant(Extension.objects.get(), self.bureau)
        return self.after_closing()

    def objection_and_closed(self) -> "Scene":
        self.objected().dismiss()
        return self.after_closing()

    def after_closing(self) -> "Scene":
        make_plan(self.part, self.staff)
        give_feedback(self.part, self.staff)
        accept_feedback(self.part, self.bureau)
        close(self.case, self.bureau)
        return self

    def without_its_feedback(self) -> "Scene":
        self.answered()
        Feedback.objects.all().delete()
        return self

    def cancelled(self) -> "Scene":
        cancel(self.booking)
        return self

    def promised(self) -> "Scene":
        self.planned(day=due_date(DAY, 40).due, why_later="x")
        give_feedback(self.part, self.staff, result=Result.PARTLY)
        accept_feedback(self.part, self.bureau)
        return self

    def done_with_a_question(self) -> "Scene":
        ask_extension(self.planned().part, self.staff, now=working_day(3))
        give_feedback(self.part, self.staff)
        accept_feedback(self.part, self.bureau)
        return self
