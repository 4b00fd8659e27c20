"""May it happen now, about typical cases. [5.3] [5.4]"""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from appointments.enums import ChoiceKind
from appointments.models import Choice
from cases.enums import CaseStatus, Result
from cases.models import Case
from cases.selectors_together import merger_of
from core.errors import Refused
from core.sheets import UNWRITABLE
from departments.models import Department
from reports.enums import TypicalStatus
from reports.identifying import Finding
from reports.models import TypicalCase
from reports.models.typical import KEYWORDS_LENGTH_MAX, TITLE_MAX, WORDS_MAX
from reports.selectors_typical import TEXTS, in_work_of, invitation_of, is_looked_into, texts_of, was_complained_of

KEYWORDS_MAX = 6


def label_of(name: str) -> str:
    column: Any = TypicalCase._meta.get_field(name)
    return str(column.verbose_name)


def check_can_be_chosen(case: Case, today: date) -> None:
    """Closed as solved at the first attempt, by itself, and the days in which it may be rated are over.

    Refuses `not_closed`, `not_solved`, `too_early`, `reopened`, `merged`, `looked_into`, `already_chosen`. What an
    enterprise said of it is no ground here: whoever chooses would learn it from the refusal. [5.2]
    """
    check_stands(case)
    if case.result != Result.SOLVED:
        raise Refused("not_solved", _("只有办理结果为“已解决”的诉求才能选为典型案例。"))
    invitation = invitation_of(case)
    if invitation is None or not invitation.is_over(today):
        raise Refused("too_early", _("评价期尚未结束，结束后才能选用。"))
    if in_work_of(case):
        raise Refused("already_chosen", _("该诉求的典型案例正在编写，请在列表中打开。"))


def check_stands(case: Case) -> None:
    """Nothing that the bureau can see speaks against it; asked again before it is published."""
    if case.status != CaseStatus.CLOSED:
        raise Refused("not_closed", _("诉求尚未销号，销号后才能用作典型案例。"))
    if case.round > 1:
        raise Refused("reopened", _("该诉求曾重新办理，不用作典型案例。"))
    if merger_of(case):
        raise Refused("merged", _("该诉求与其他诉求并案办理，内容涉及多家企业，不用作典型案例。"))
    if is_looked_into(case):
        raise Refused("looked_into", _("该诉求有回访尚未核实无误，不用作典型案例。"))


def check_was_not_complained_of(case: Case) -> None:
    """Asked where the inspection office checks, which may know. [5.2]"""
    if was_complained_of(case):
        raise Refused(
            "not_suitable",
            _("企业对该诉求有不满意的评价或反映，不宜公开介绍。可退回编写人，不必说明此情况。"),
        )


def check_is_draft(typical: TypicalCase) -> None:
    if typical.status != TypicalStatus.DRAFT:
        raise Refused(
            "not_a_draft",
            _("当前状态为“%s”，内容不能修改。要改的，请先退回修改。") % typical.get_status_display(),
        )


def check_revision(typical: TypicalCase, revision: int | None) -> None:
    """Nobody overwrites, or passes, what they have not read."""
    if typical.revision != revision:
        raise Refused("changed_meanwhile", _("案例刚刚被修改过，请先看一遍最新内容。"))


def checked_title(title: str) -> str:
    title = " ".join(writable(title).split())
    if not title:
        raise Refused("no_title", _("请填写标题。"), field="title")
    if len(title) > TITLE_MAX:
        raise Refused("too_long", _("标题不超过 %s 字。") % TITLE_MAX, field="title")
    return title


def writable(text: str) -> str:
    """Without what no feed and no file can hold; the line break of a Word file, which comes with a paste, is one."""
    return UNWRITABLE.sub("", text.replace("\v", "\n"))


def checked_words(name: str, text: str) -> str:
    text = writable(text).strip()
    if len(text) > WORDS_MAX:
        raise Refused("too_long", _("每一部分不超过 %s 字。") % WORDS_MAX, field=name)
    return text


def checked_keywords(text: str) -> str:
    """Words apart from each other, however they were typed: 退税、留抵."""
    text = writable(text)
    for sign in "，,；;\n\t 　":
        text = text.replace(sign, "、")
    words = list(dict.fromkeys(word for word in text.split("、") if word))
    joined = "、".join(words)
    if len(words) > KEYWORDS_MAX or len(joined) > KEYWORDS_LENGTH_MAX:
        raise Refused("too_many", _("关键词不超过 %s 个，每个尽量简短。") % KEYWORDS_MAX, field="keywords")
    return joined


def checked_area(area_id: int | None) -> Choice | None:
    if area_id is None:
        return None
    found = Choice.objects.filter(kind=ChoiceKind.AREA, pk=area_id).first()
    if found is None:
        raise Refused("unknown_area", _("请从列出的领域中选择。"), field="area")
    return found


def checked_department(department_id: int | None) -> Department | None:
    if department_id is None:
        return None
    found = Department.objects.filter(pk=department_id).first()
    if found is None:
        raise Refused("unknown_department", _("请从列出的部门中选择。"), field="department")
    return found


def check_is_whole(typical: TypicalCase) -> None:
    filled = texts_of(typical) | {"area": typical.area_id, "department": typical.department_id}
    missing = [label_of(name) for name, value in filled.items() if not value]
    if missing:
        raise Refused("incomplete", _("还没有填写：%s。") % "、".join(missing))


def check_names_nobody(findings: list[Finding]) -> None:
    """What certainly tells whose case it is stands in the way of every further step. [5.4]"""
    strict = [finding for finding in findings if finding.strict]
    if strict:
        raise Refused("identifies", sentence_of(strict), field=strict[0].field, findings=strict)


def check_was_judged(findings: list[Finding], confirmed: bool, reason: str) -> None:
    """The checker's own word, and why what is doubtful tells nothing. [5.4]"""
    if not confirmed:
        raise Refused("not_confirmed", _("请逐项核对后勾选“本人已核对，无法识别出企业和个人”。"), field="confirmed")
    if findings and not reason.strip():
        raise Refused("no_reason", _("%s请说明为何无法据此识别。") % sentence_of(findings), field="reason")


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("no_reason", _("请填写理由。"), field="reason")


def sentence_of(findings: list[Finding]) -> str:
    """“怎么办的”中有“永昌”（企业名称）；…"""
    said = dict.fromkeys(
        _("“%(part)s”中有“%(words)s”（%(kind)s）")
        % {"part": label_of(finding.field), "words": finding.words, "kind": finding.kind.label}
        for finding in sorted(findings, key=lambda finding: TEXTS.index(finding.field))
    )
    return "；".join(said) + "。"
