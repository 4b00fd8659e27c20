"""What is said about a follow-up: to those who do it never why there is one, to departments only what was found.
[3.9] [5.2]
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.selectors import parts_of_round
from cases.services import tell_enterprise, tell_unit
from core.audit import subject_of
from core.models import User
from departments.enums import Role
from departments.selectors import users_with_role
from evaluations.enums import Office
from evaluations.models import FollowUp, FollowUpReason, Referral
from notifications.services import Kind, Variable, register, render, tell_in_console

COMPANY = Variable("company", _("企业名称"), _("安宁磷化工有限公司"))
REFERENCE = Variable("reference", _("预约编号"), "26-24-7KQ4A")
RESULT = Variable("result", _("回访结论"), _("核实无误"))
LINK = Variable("ticket", _("挂号单链接"), "{{ticket}}")
register(Kind("follow_up_decided", _("回访核实结论"), (COMPANY, REFERENCE, RESULT, LINK)))

# Who names the person that does it.
ASSIGNERS = {
    Office.BUREAU: (Role.BUREAU_SUPERVISOR,),
    Office.INSPECTION: (Role.INSPECTOR, Role.INSPECTION_APPROVER),
}


def opened(follow_up: FollowUp) -> None:
    tell_staff(follow_up, "follow_up_opened", assigners(follow_up), once_for="opened")


def joined(reason: FollowUpReason) -> None:
    """Whoever works on it, or names who does, hears that something came to it."""
    follow_up = reason.follow_up
    people = [follow_up.assigned_to] if follow_up.assigned_to else assigners(follow_up)
    tell_staff(follow_up, "follow_up_joined", people, once_for=str(reason.pk))


def assigned(follow_up: FollowUp, before: User | None) -> None:
    assert follow_up.assigned_to is not None
    once = str(follow_up.assigned_at)
    tell_staff(follow_up, "follow_up_assigned", [follow_up.assigned_to], once_for=once)
    if before is not None:
        tell_staff(follow_up, "follow_up_taken", [before], once_for=once)


def decided(follow_up: FollowUp, result: Any) -> None:
    """The enterprise hears the conclusion; what was found stands on its page."""
    tell_enterprise(follow_up.case, "follow_up_decided", once_for=f"follow-up-{follow_up.pk}", result=result)


def unrectified(follow_up: FollowUp) -> None:
    """The departments of that round hear what was found, and nothing of how the enterprise rated."""
    for part in parts_of_round(follow_up.case, follow_up.round):
        part.case = follow_up.case
        once = f"follow-up-{follow_up.pk}-{part.pk}"
        tell_unit(part, "follow_up_unrectified", once_for=once, finding=follow_up.finding)


def referral_proposed(referral: Referral) -> None:
    """The inspection office's approvers, and nobody else. [3.9]"""
    people = [user for user in users_with_role(Role.INSPECTION_APPROVER) if user.pk != referral.proposed_by_id]
    tell_of_referral(referral, "referral_proposed", people)


def referral_decided(referral: Referral, decision: Any) -> None:
    tell_of_referral(referral, "referral_decided", [referral.proposed_by], decision=decision)


def assigners(follow_up: FollowUp) -> list[User]:
    return users_with_role(*ASSIGNERS[Office(follow_up.office)])


def tell_staff(follow_up: FollowUp, kind: str, people: list[User], *, once_for: str, **context: Any) -> None:
    heading, text = render(kind, follow_up=follow_up, **context)
    tell_in_console(
        people,
        kind=kind,
        subject=subject_of(follow_up),
        key=f"follow-up:{follow_up.pk}:{kind}:{once_for}",
        heading=heading,
        text=text,
    )


def tell_of_referral(referral: Referral, kind: str, people: list[User], **context: Any) -> None:
    heading, text = render(kind, referral=referral, **context)
    tell_in_console(
        people,
        kind=kind,
        subject=subject_of(referral),
        key=f"referral:{referral.pk}:{kind}",
        heading=heading,
        text=text,
    )
