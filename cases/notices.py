"""What is said about a case: to the enterprise, and to the departments that handle it. [3.7]"""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from appointments.selectors import channels_of
from cases.models import Assignment, Case, CaseSupplement, CommonDemand, Extension, Feedback, Merger, Objection, Urging
from cases.selectors import decides_on, lead_of, reopening_of
from cases.selectors_together import parts_of_all
from core import secrets
from core.audit import subject_of
from core.models import User
from core.templatetags.cn import cn_date, cn_last_day
from deadlines.enums import Cause
from deadlines.models import Obligation, Revision
from deadlines.services import deadline_moved
from departments.selectors import bureau, people_of
from notifications.services import (
    Kind,
    Variable,
    enqueue,
    link_placeholder,
    register,
    render,
    tell_in_console,
)

COMPANY = Variable("company", _("企业名称"), _("安宁磷化工有限公司"))
REFERENCE = Variable("reference", _("预约编号"), "26-24-7KQ4A")
UNITS = Variable("units", _("责任单位"), _("市税务局、市统计局"))
DUE = Variable("due", _("反馈期限"), _("2026年12月17日（周四，含当日）"))
BEFORE = Variable("before", _("原反馈期限"), _("2026年12月10日（周四）"))
REASON = Variable("reason", _("说明"), _("需会同上级部门核定。"))
RESULT = Variable("result", _("办理结果"), _("已解决"))
FACTS = Variable("facts", _("登记的补充"), _("七月三日提交，受理编号20260703001。"))
TITLE = Variable("title", _("共性诉求"), _("留抵退税审核时间长"))
DECIDED = Variable("decided", _("解决办法"), _("自下月起，留抵退税一般在10个工作日内办结"))
LINK = Variable("ticket", _("挂号单链接"), "{{ticket}}")
register(
    Kind("case_opened", _("诉求已交办"), (COMPANY, REFERENCE, UNITS, DUE, LINK)),
    Kind("case_extended", _("诉求延期办理"), (COMPANY, REFERENCE, BEFORE, DUE, REASON, LINK)),
    Kind("case_moved", _("诉求办理期限调整"), (COMPANY, REFERENCE, DUE, REASON, LINK)),
    Kind("case_reopened", _("诉求重新办理"), (COMPANY, REFERENCE, UNITS, DUE, LINK)),
    Kind("case_written_down", _("已代为登记补充"), (COMPANY, REFERENCE, FACTS, LINK)),
    Kind("case_closed", _("诉求已办结"), (COMPANY, REFERENCE, RESULT, LINK)),
    Kind("common_solved", _("共性诉求已解决"), (COMPANY, REFERENCE, TITLE, DECIDED, LINK)),
)
# Causes of a moved feedback that nobody told the enterprise of when they came about.
TOLD_WHEN_SWEPT = (Cause.CALENDAR, Cause.OVERRIDE, Cause.JOINT)
# Told to whoever asked, and to whoever decides.
RULED: dict[type, str] = {Objection: "objection_ruled", Extension: "extension_ruled"}
TO_DECIDE: dict[type, str] = {
    Objection: "objection_to_decide",
    Extension: "extension_to_decide",
    Feedback: "feedback_to_decide",
}


def tell(case: Case, kind: str, *, once_for: str, **told: Any) -> None:
    """One message for each of the enterprise's channels; never what was asked or answered."""
    booking = case.booking
    variables = {
        "company": booking.company_name,
        "reference": booking.reference,
        "ticket": link_placeholder(secrets.TICKET),
    } | {name: str(value) for name, value in told.items()}
    heading, text = render(kind, **variables)
    for channel, recipient in channels_of(booking):
        enqueue(
            kind=kind,
            channel=channel,
            recipient=recipient,
            subject=subject_of(booking),
            heading=heading,
            text=text,
            variables=variables,
            link_seed=str(booking.link_seed),
            dedup_key=f"case:{case.pk}:{kind}:{once_for}:{channel}",
        )


def opened(case: Case, parts: list[Assignment], due: date) -> None:
    """Handed over, for the first time or again."""
    units = "、".join(part.department.name for part in parts)
    told = {"once_for": f"round-{case.round}", "units": units, "due": cn_last_day(due)}
    if case.round == 1:
        tell(case, "case_opened", **told)
    else:
        tell(case, "case_reopened", **told)


def taken_elsewhere(case: Case, before: list[Assignment], parts: list[Assignment]) -> None:
    """Whoever handled it before and does not now hears what was found, and who handles it. [3.9]"""
    now_handling = {part.department_id for part in parts}
    units = "、".join(part.department.name for part in parts)
    for part in before:
        if part.department_id not in now_handling:
            told = {"once_for": f"part-{part.pk}", "units": units, "reopening": reopening_of(case)}
            tell_unit(part, "case_taken_elsewhere", **told)


def extended(extension: Extension, due: date) -> None:
    case = extension.assignment.case
    told = {"before": cn_date(extension.day_before), "due": cn_last_day(due), "reason": extension.reason}
    tell(case, "case_extended", once_for=str(extension.pk), **told)


def moved(obligation: Obligation, revisions: list[Revision]) -> None:
    """A day moved: the department hears of it; the enterprise too, where it is the feedback it was told. [3.7]

    Of an extension the enterprise heard when it was granted; a return is between the bureau and the department.
    """
    deadline_moved(obligation, revisions)
    why = [revision for revision in revisions if revision.cause in TOLD_WHEN_SWEPT]
    if obligation.kind != "feedback" or not why:
        return
    case = Case.objects.select_related("booking").get(pk=obligation.belongs_to.rpartition(":")[2])
    lead = lead_of(case)
    if lead is None or lead.department_id != obligation.department_id:
        return
    tell(
        case,
        "case_moved",
        once_for=f"{obligation.pk}-{revisions[-1].number}",
        due=cn_last_day(obligation.last_day),
        reason=Cause(why[-1].cause).label,
    )


def closed(case: Case) -> None:
    tell(case, "case_closed", once_for=f"round-{case.round}", result=case.get_result_display())


def assigned(assignment: Assignment) -> None:
    """In a later round with what the follow-up found, and nothing of how the enterprise rated. [3.9] [5.2]"""
    once, reopening = f"assignment-{assignment.pk}", reopening_of(assignment.case)
    if reopening is None:
        tell_unit(assignment, "case_assigned", once_for=once)
    else:
        tell_unit(assignment, "case_assigned_again", once_for=once, reopening=reopening)


def withdrawn(assignment: Assignment) -> None:
    tell_unit(assignment, "case_withdrawn", once_for=f"assignment-{assignment.pk}")


def returned(feedback: Feedback, due: date) -> None:
    tell_unit(
        feedback.assignment, "feedback_returned", once_for=f"feedback-{feedback.pk}", note=feedback.note, due=due
    )


def ruled(row: Objection | Extension) -> None:
    """Whoever asked hears what was decided, and why."""
    tell_unit(row.assignment, RULED[type(row)], once_for=str(row.pk), row=row)


def supplemented(supplement: CaseSupplement, parts: list[Assignment], *, bureau_too: bool) -> None:
    """The departments hear that something was added, and the bureau when only it still has work; never what. [3.7]"""
    told = {"once_for": str(supplement.pk), "files": supplement.files.count()}
    for part in parts:
        tell_unit(part, "case_supplemented", **told)
    for lead in parts if bureau_too else ():
        tell_staff(lead, "case_supplemented", people_of([bureau().pk]), **told)


def written_down(added: CaseSupplement) -> None:
    """The desk added something in the enterprise's name: it sees what was written down. [3.7]"""
    files = added.files.count()
    papers = _("材料 %s 份") % files if files else ""
    tell(added.case, "case_written_down", once_for=str(added.pk), facts="；".join(filter(None, [added.text, papers])))


def urged(urging: Urging, people: list[User]) -> None:
    tell_staff(urging.assignment, "case_urged", people, once_for=str(urging.pk), note=urging.note)


def words_of_urging(assignment: Assignment, note: str) -> tuple[str, str]:
    """Heading and text, as they would be told."""
    return render("case_urged", case=assignment.case, assignment=assignment, note=note)


def to_decide(row: Objection | Extension | Feedback) -> None:
    """Whoever decides hears that something waits for it."""
    decides = decides_on(row.assignment.department) or bureau()
    tell_staff(row.assignment, TO_DECIDE[type(row)], people_of([decides.pk]), once_for=str(row.pk), row=row)


def merged(merger: Merger, members: list[Case], due: date | None) -> None:
    """Each department that has several of them hears which, and by which day they are answered together."""
    told = {"once_for": f"merger-{merger.pk}-{merger.members.count()}", "due": due, "reason": merger.reason}
    for part, references in _several_of_a_unit(members):
        tell_unit(part, "cases_merged", references=references, **told)


def unmerged(merger: Merger, members: list[Case]) -> None:
    told = {"once_for": f"merger-{merger.pk}", "reason": merger.undone_reason}
    for part, references in _several_of_a_unit(members):
        tell_unit(part, "cases_unmerged", references=references, **told)


def _several_of_a_unit(cases: list[Case]) -> list[tuple[Assignment, str]]:
    """For each department with a part in more than one of them: one of its parts, and the references of all."""
    by_unit: dict[int, list[Assignment]] = {}
    for parts in parts_of_all(cases).values():
        for part in parts:
            by_unit.setdefault(part.department_id, []).append(part)
    several = [parts for parts in by_unit.values() if len(parts) > 1]
    return [(parts[0], "、".join(part.case.reference for part in parts)) for parts in several]


def common_opened(item: CommonDemand) -> None:
    """The departments that are to study it."""
    tell_common(item, "common_opened", once_for="opened")


def common_settled(item: CommonDemand) -> None:
    tell_common(item, "common_settled", once_for=f"settled-{item.settled_at}")


def common_solved(item: CommonDemand, cases: list[Case]) -> None:
    """To the enterprise of each of these: what was decided, and thanks; once for each settling. [5.3]"""
    for case in cases:
        once = f"{item.pk}-{item.settled_at}"
        tell(case, "common_solved", once_for=once, title=item.title, decided=item.told.rstrip("。"))


def tell_common(item: CommonDemand, kind: str, *, once_for: str) -> None:
    heading, text = render(kind, item=item)
    tell_in_console(
        people_of([unit.pk for unit in item.departments.all()]),
        kind=kind,
        subject=subject_of(item),
        key=f"common:{item.pk}:{kind}:{once_for}",
        heading=heading,
        text=text,
    )


def tell_unit(assignment: Assignment, kind: str, *, once_for: str, **context: Any) -> None:
    tell_staff(assignment, kind, people_of([assignment.department_id]), once_for=once_for, **context)


def tell_staff(assignment: Assignment, kind: str, people: list[User], *, once_for: str, **context: Any) -> None:
    case = assignment.case
    heading, text = render(kind, case=case, assignment=assignment, **context)
    tell_in_console(
        people,
        kind=kind,
        subject=subject_of(case),
        key=f"case:{case.pk}:{kind}:{once_for}",
        heading=heading,
        text=text,
    )
