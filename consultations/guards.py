"""Whether a record may be opened, kept, signed or corrected now. Each passes or refuses with a sentence. [3.6]"""

from django.utils.translation import gettext as _

from appointments.enums import ONCE_CALLED, BookingStatus
from appointments.models import Booking, QueueEntry
from consultations import fields
from consultations.enums import Outcome
from consultations.fields import Values
from consultations.models import Consultation
from core.errors import Refused
from core.models import User
from core.templatetags.cn import cn_time
from sessions_app.enums import SessionKind
from sessions_app.models import Session


def check_called(booking: Booking, entry: QueueEntry | None) -> QueueEntry:
    """Who is at the table was called. Refuses `not_called`, `not_expected`."""
    if booking.status not in (BookingStatus.ACCEPTED, BookingStatus.ATTENDED):
        raise Refused("not_expected", _("该预约当前为“%s”，不能接诊。") % booking.get_status_display())
    if entry is None or entry.status not in ONCE_CALLED:
        raise Refused("not_called", _("该号尚未叫号，请先叫号。"))
    return entry


def check_is_draft(record: Consultation) -> None:
    if record.is_signed:
        raise Refused("signed", _("该记录已签办，不能再改；如有差错，请使用“更正”。"))


def check_is_signed(record: Consultation) -> None:
    if not record.is_signed:
        raise Refused("not_signed", _("该记录尚未签办，可直接修改。"))


def check_nobody_else_kept(record: Consultation, revision: int, actor: User) -> None:
    """Whoever keeps has read everything that others kept; their own later words take the place of earlier ones.

    Refuses `changed_by_other` with `by`, `at`, `revision` and the `fields` as they stand.
    """
    read_by_hand = record.others_revision if record.kept_by_id == actor.pk else record.revision
    if revision < read_by_hand:
        raise changed_by_other(record)


def check_read_to_the_end(record: Consultation, revision: int, actor: User) -> None:
    """Nobody signs what they have not seen. Refuses `changed_by_other`, and `changed_since` for one's own words."""
    check_nobody_else_kept(record, revision, actor)
    if revision != record.revision:
        raise Refused("changed_since", _("该记录在您的另一页面上有新的内容，请刷新核对后再签办。"))


def changed_by_other(record: Consultation) -> Refused:
    said = {"by": record.kept_by.full_name, "at": cn_time(record.kept_at)}
    return Refused(
        "changed_by_other",
        _("%(by)s 已于 %(at)s 修改了该记录，您的内容没有覆盖对方的内容。请核对后选择保留哪一份。") % said,
        by=record.kept_by.full_name,
        at=record.kept_at,
        revision=record.revision,
        fields=fields.read(record),
    )


def check_complete(record: Consultation, values: Values, session: Session) -> None:
    """All that a signed record has, of the record as these values leave it. [3.6]

    Refuses `incomplete`; its `problems` name each field and what it lacks.
    """
    problems = problems_of(record, values, session)
    if problems:
        first = next(iter(problems))
        raise Refused("incomplete", problems[first], field=first, problems=problems)


def problems_of(record: Consultation, values: Values, session: Session) -> dict[str, str]:
    """What the record still lacks before it can be signed, by field in the order of the page. [3.6]"""
    return _attendance(record, values, session) | _general(values) | _of_the_outcome(record, values)


def check_outcome_stays(changed: Values) -> None:
    """What the case stands on is no longer the record's to change. Refuses `outcome_fixed`."""
    for name in ("outcome", *fields.OF_OUTCOME[Outcome.HANDED_OVER]):
        if name in changed:
            raise Refused("outcome_fixed", _("处理方式和责任单位已据此交办，不能在更正中改变。"), field=name)


def _empty(values: Values, name: str) -> bool:
    value = values.get(name, "")
    return not (value.strip() if isinstance(value, str) else value)


def _general(values: Values) -> dict[str, str]:
    sentences = {
        "points": _("请填写诉求要点。"),
        "reply": _("请填写答复要点。"),
        "outcome": _("请选择处理方式：现场解决、交办或解释说明。"),
        "recorder": _("请填写记录人。"),
    }
    return {name: said for name, said in sentences.items() if _empty(values, name)}


def _of_the_outcome(record: Consultation, values: Values) -> dict[str, str]:
    """Exactly one outcome, and what it needs. [3.6]"""
    sentences = {
        Outcome.SOLVED: {
            "solved_measures": _("现场解决的，请填写措施。"),
            "solved_manner": _("现场解决的，请选择方式。"),
            "solved_result": _("现场解决的，请填写结果。"),
        },
        Outcome.HANDED_OVER: {"lead": _("交办的，请选择责任单位。")},
        Outcome.EXPLAINED: {
            "explained_why": _("解释说明的，请选择事由。"),
            "explanation": _("解释说明的，请填写说明。"),
            "help_offered": _("解释说明的，请填写给予企业的协助支持。"),
        },
    }
    outcome = values["outcome"]
    if not outcome:
        return {}
    problems = {name: said for name, said in sentences[Outcome(str(outcome))].items() if _empty(values, name)}
    if outcome == Outcome.HANDED_OVER:
        if values["lead"] and values["lead"] in values["assisting"]:
            problems["assisting"] = _("责任单位不必再列为协办单位。")
        if values["promised_on"] and str(values["promised_on"]) <= record.held_on.isoformat():
            problems["promised_on"] = _("承诺办结日期应晚于坐诊日。")
    return problems


def _attendance(record: Consultation, values: Values, session: Session) -> dict[str, str]:
    """At a main session the principal leaders receive; who does not come says why. [3.6]"""
    if session.kind != SessionKind.MAIN:
        return {}
    problems = {}
    for row in record.attendances.select_related("department"):
        key = row.department_id
        if values[f"{fields.CAME}_{key}"] == fields.YES:
            if _empty(values, f"principal_{key}"):
                problems[f"principal_{key}"] = _("请填写%s主要负责人的姓名、职务。") % row.department
        elif _empty(values, f"absence_{key}"):
            problems[f"absence_{key}"] = _("主场由主要负责人接诉，%s主要负责人未到场，请说明。") % row.department
    return problems
