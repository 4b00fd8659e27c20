"""The block of a case's page on what is alike: candidates, links, merger, common demand, and their buttons. [3.7]"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import services
from cases.console_buttons import close_initial, explain_close
from cases.console_forms import AcceptForm, CloseForm
from cases.enums import AssignmentStatus, CaseStatus, CommonStatus
from cases.forms_together import AddToCommonForm, AnswerTogetherForm, LinkForm, MergeForm, OpenCommonForm, UnlinkForm
from cases.models import Assignment, Case, CommonDemand
from cases.permissions import can_check, can_close
from cases.selectors import ready_to_close
from cases.selectors_together import (
    candidates_for,
    common_of,
    feedback_of_merger,
    links_of,
    main_of,
    members_of,
    merger_of,
    standing_of,
)
from core.console import ReasonForm, VerbButton, extra_buttons
from core.models import User

TIE = "cases.tie_cases"


def _link(row: Case, actor: User, data: dict[str, Any]) -> Any:
    made = services.link_cases(
        case_id=row.pk, other_ids=data["picked"], reason=data["reason"], actor=actor, now=timezone.now()
    )
    return _("已关联 %s 件诉求。") % len(made)


def _unlink(row: Case, actor: User, data: dict[str, Any]) -> Any:
    services.undo_link(link_id=int(data["link"]), reason=data["reason"], actor=actor, now=timezone.now())
    return _("关联已撤销。")


def _merge(row: Case, actor: User, data: dict[str, Any]) -> Any:
    services.merge_cases(
        main_id=row.pk, case_ids=data["picked"], reason=data["reason"], actor=actor, now=timezone.now()
    )
    return _("已并案，并已告知责任单位。各件时限不变。")


def _unmerge(row: Case, actor: User, data: dict[str, Any]) -> Any:
    merger = merger_of(row)
    services.undo_merger(merger_id=merger.pk if merger else 0, reason=data["reason"], actor=actor, now=timezone.now())
    return _("并案已撤销，并已告知责任单位。")


def _open_common(row: Case, actor: User, data: dict[str, Any]) -> Any:
    common = services.Common(data["title"], data["departments"], data["note"])
    item = services.open_common(common=common, case_ids=[row.pk, *data["picked"]], actor=actor, now=timezone.now())
    return _("“%s”已列为共性诉求，并已告知研究部门。") % item


def _add_to_common(row: Case, actor: User, data: dict[str, Any]) -> Any:
    services.add_to_common(item_id=data["item"].pk, case_ids=[row.pk], actor=actor, now=timezone.now())
    return _("已列入“%s”。") % data["item"]


def _answer_together(row: Assignment, actor: User, data: dict[str, Any]) -> Any:
    answer = services.Answer(data["result"], data["text"], data["help_offered"])
    given = services.answer_together(assignment_id=row.pk, answer=answer, actor=actor, now=timezone.now())
    return _("已一并反馈 %s 件，等待审核。") % len(given)


def _accept_together(row: Assignment, actor: User, data: dict[str, Any]) -> Any:
    accepted = services.accept_together(assignment_id=row.pk, note=data["note"], actor=actor, now=timezone.now())
    return _("%s 件反馈已一并审核通过。") % len(accepted)


def _close_together(row: Case, actor: User, data: dict[str, Any]) -> Any:
    closed = services.close_together(case_id=row.pk, actor=actor, now=timezone.now(), **data)
    return _("%s 件已一并销号，答复已分别告知各企业。") % len(closed)


def _explain_accept(row: Assignment) -> str:
    """What waits in each of them, so that nobody accepts what was not read."""
    waiting = feedback_of_merger(row)
    texts = {given.text for given in waiting}
    if len(texts) == 1:
        references = "、".join(given.assignment.case.reference for given in waiting)
        return f"{references}\n{waiting[0].get_result_display()}\n{waiting[0].text}"
    lines = [f"{one.assignment.case.reference}：{one.get_result_display()}\n{one.text}" for one in waiting]
    return "\n".join(lines) or _("没有待审核的反馈。")


def _explain_close(row: Case) -> str:
    merger = merger_of(row)
    handled = [one.case.reference for one in standing_of(merger) if is_handled(one.case)] if merger else []
    return _("一并销号：%(cases)s。同样的答复分别告知各企业，企业不会看到其他企业。\n%(answers)s") % {
        "cases": "、".join(handled),
        "answers": explain_close(row),
    }


def is_handled(row: Case) -> bool:
    return row.status == CaseStatus.HANDLING


def may_lead(row: Case) -> bool:
    """Others can join it: it stands in no merger, or is the main case of one."""
    merger = merger_of(row)
    return is_handled(row) and (merger is None or main_of(merger).pk == row.pk)


def units_of(row: Case) -> dict[str, Any]:
    return {"departments": list(row.assignments.taking_part().values_list("department_id", flat=True))}


BUTTONS = (
    VerbButton(
        name="link",
        label=gettext_lazy("关联"),
        run=_link,
        explain=gettext_lazy("说明这些诉求有联系，在各自页面上互相列出；不改变办理和时限。可以撤销。"),
        permission=TIE,
        form=LinkForm,
        form_kwargs=lambda row: {"case": row},
    ),
    VerbButton(
        name="unlink",
        label=gettext_lazy("撤销关联"),
        run=_unlink,
        explain=gettext_lazy("关联及其理由保留在历史记录中。"),
        permission=TIE,
        offered=lambda row: bool(links_of(row, Case.objects.all())),
        form=UnlinkForm,
        form_kwargs=lambda row: {"case": row},
    ),
    VerbButton(
        name="merge",
        label=gettext_lazy("并案"),
        run=_merge,
        explain=gettext_lazy(
            "以本件为主件，责任单位可一并反馈。审核、销号也可一并办理；各件的时限、答复和评价都仍是各自的，企业不会看到其他企业。"
        ),
        permission=TIE,
        offered=may_lead,
        form=MergeForm,
        form_kwargs=lambda row: {"case": row},
    ),
    VerbButton(
        name="close-together",
        label=gettext_lazy("并案一并销号"),
        run=_close_together,
        explain=_explain_close,
        permission="cases.close_case",
        offered=lambda row: merger_of(row) is not None and ready_to_close(row),
        offered_to=lambda row, user: can_close(user, row),
        form=CloseForm,
        initial=close_initial,
    ),
    VerbButton(
        name="unmerge",
        label=gettext_lazy("撤销并案"),
        run=_unmerge,
        explain=gettext_lazy("本次并案的各件恢复分别反馈；已反馈的保留，时限一直不变。"),
        permission=TIE,
        offered=lambda row: merger_of(row) is not None,
        form=ReasonForm,
    ),
    VerbButton(
        name="common",
        label=gettext_lazy("列为共性诉求"),
        run=_open_common,
        explain=gettext_lazy("两家以上企业的同类诉求，列为一项，由有关部门研究解决一类问题；各件照常办理。"),
        permission=TIE,
        offered=lambda row: common_of(row) is None,
        form=OpenCommonForm,
        form_kwargs=lambda row: {"case": row},
        initial=units_of,
    ),
    VerbButton(
        name="add-to-common",
        label=gettext_lazy("列入已有共性诉求"),
        run=_add_to_common,
        explain=gettext_lazy("本件照常办理，并列入一项研究推进中的共性诉求。"),
        permission=TIE,
        offered=lambda row: common_of(row) is None and CommonDemand.objects.filter(status=CommonStatus.OPEN).exists(),
        form=AddToCommonForm,
    ),
)
NAMES = {button.name for button in BUTTONS}
ANSWER = VerbButton(
    name="answer-together",
    label=gettext_lazy("并案一并反馈"),
    run=_answer_together,
    explain=gettext_lazy("以同样的内容反馈并案中本单位待反馈的各件；各件的时限和评价仍是各自的。"),
    permission="cases.handle_assignment",
    offered=lambda row: row.status == AssignmentStatus.HANDLING and merger_of(row.case) is not None,
    form=AnswerTogetherForm,
)
ACCEPT = VerbButton(
    name="accept-together",
    label=gettext_lazy("并案一并审核通过"),
    run=_accept_together,
    explain=_explain_accept,
    permission="cases.check_feedback",
    offered=lambda row: row.status == AssignmentStatus.CHECKING and len(feedback_of_merger(row)) > 1,
    offered_to=lambda row, user: can_check(user, row),
    form=AcceptForm,
)
extra_buttons.setdefault(Case, []).extend(BUTTONS)
extra_buttons.setdefault(Assignment, []).extend([ANSWER, ACCEPT])


def block_of(case: Case, viewer: User) -> dict[str, Any]:
    """What `console/case_similar.html` shows, within what the viewer may see; the buttons are the page's."""
    seen = Case.objects.visible_to(viewer)
    merger, entry = merger_of(case), common_of(case)
    links = [(link, link.other_of(case)) for link in links_of(case, seen)]
    members = members_of(merger, seen) if merger else []
    shown = {other.pk for _link, other in links} | {row.case_id for row in members}
    return {
        "candidates": [one for one in candidates_for(case, seen) if one.case.pk not in shown],
        "links": links,
        "merger": merger,
        "members": members,
        "common": entry.item if entry else None,
        "sees_common": entry is not None and CommonDemand.objects.visible_to(viewer).filter(pk=entry.item_id).exists(),
    }
