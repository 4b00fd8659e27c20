"""What is said to who asked, and to the department that answers. Texts: templates/notices/*.txt.

A message to the asker leads to the question's page and never holds the answer: messages are read by others.
"""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from core import secrets
from core.audit import subject_of
from core.models import User
from core.templatetags.cn import cn_date
from deadlines.enums import TimerKind
from deadlines.models import Revision
from departments.enums import ROLES_OF_DEPARTMENT
from inquiries.models import Inquiry
from notifications.enums import Channel
from notifications.services import (
    Kind,
    Variable,
    enqueue,
    link_placeholder,
    register,
    render,
    tell_group,
    tell_in_console,
)

REFERENCE = Variable("reference", _("咨询编号"), "Q26-7KQ4A")
DUE = Variable("due", _("答复期限"), _("2026年11月20日（周五）"))
BOOKING = Variable("booking", _("预约编号"), "26-24-7KQ4A")
LINK = Variable("question", _("咨询页面链接"), "{{question}}")
register(
    Kind("inquiry_received", _("已收到咨询"), (REFERENCE, DUE, LINK)),
    Kind("inquiry_answered", _("咨询已答复"), (REFERENCE, LINK)),
    Kind("inquiry_corrected", _("咨询答复更正"), (REFERENCE, LINK)),
    Kind("inquiry_link_again", _("咨询链接重发"), (REFERENCE, LINK)),
    Kind("inquiry_pointed_on", _("咨询已引导"), (REFERENCE, LINK)),
    Kind("inquiry_booked", _("咨询已转为预约"), (REFERENCE, BOOKING, LINK)),
    Kind("inquiry_withdrawn", _("咨询已撤回"), (REFERENCE, LINK)),
    Kind("inquiry_due_moved", _("答复期限调整"), (REFERENCE, DUE, LINK)),
)


def variables_of(inquiry: Inquiry) -> dict[str, str]:
    """All that a text about a question may say; never what was asked or answered."""
    return {
        "reference": inquiry.reference,
        "due": cn_date(inquiry.due),
        "booking": inquiry.booking.reference if inquiry.booking else "",
        "question": link_placeholder(secrets.QUESTION),
    }


def tell(inquiry: Inquiry, kind: str, *, once_for: str = "") -> None:
    """One message by SMS, and one by e-mail where an address was given; once for each round unless told otherwise."""
    variables = variables_of(inquiry)
    heading, text = render(kind, **variables)
    once_for = once_for or f"round-{inquiry.round}"
    ways = [(Channel.SMS, inquiry.mobile)]
    if inquiry.email:
        ways.append((Channel.EMAIL, inquiry.email))
    for channel, recipient in ways:
        enqueue(
            kind=kind,
            channel=channel,
            recipient=recipient,
            subject=subject_of(inquiry),
            heading=heading,
            text=text,
            variables=variables,
            link_seed=str(inquiry.link_seed),
            dedup_key=f"inquiry:{inquiry.pk}:{kind}:{once_for}:{channel}",
        )


def received(inquiry: Inquiry) -> None:
    tell(inquiry, "inquiry_received")


def answered(inquiry: Inquiry) -> None:
    tell(inquiry, "inquiry_answered")


def corrected(inquiry: Inquiry, *, once_for: str) -> None:
    tell(inquiry, "inquiry_corrected", once_for=once_for)


def link_again(inquiry: Inquiry, *, once_for: str) -> None:
    tell(inquiry, "inquiry_link_again", once_for=once_for)


def pointed_on(inquiry: Inquiry) -> None:
    tell(inquiry, "inquiry_pointed_on")


def booked(inquiry: Inquiry) -> None:
    tell(inquiry, "inquiry_booked")


def withdrawn(inquiry: Inquiry) -> None:
    tell(inquiry, "inquiry_withdrawn")


def due_moved(inquiry: Inquiry, *, revision: Revision) -> None:
    """A new calendar moved the day by which the asker was promised a reply."""
    tell(inquiry, "inquiry_due_moved", once_for=f"revision-{revision.pk}")


def passed(inquiry: Inquiry, *, once_for: str) -> None:
    """The department's people learn that a question waits for them."""
    people = User.objects.filter(
        is_active=True, membership__department=inquiry.department_id, membership__role__in=sorted(ROLES_OF_DEPARTMENT)
    )
    words = render("inquiry_passed", **variables_of(inquiry))
    _tell_staff(inquiry, "inquiry_passed", words, people.order_by("pk"), once_for=once_for)


def due(inquiry: Inquiry, people: Iterable[User], *, step: TimerKind) -> None:
    """A step of the ladder: who must answer, and above them who sees that it is answered."""
    words = render("inquiry_due", step=step, **variables_of(inquiry))
    said = _said(inquiry, "inquiry_due", words, once_for=f"{inquiry.obligation_id}-{step}")
    tell_in_console(people, **said)
    tell_group(**said)


def _tell_staff(inquiry: Inquiry, kind: str, words: tuple[str, str], people: Iterable[User], *, once_for: str) -> None:
    tell_in_console(people, **_said(inquiry, kind, words, once_for=once_for))


def _said(inquiry: Inquiry, kind: str, words: tuple[str, str], *, once_for: str) -> dict[str, str]:
    heading, text = words
    key = f"inquiry:{inquiry.pk}:{kind}:{once_for}"
    return {"kind": kind, "subject": subject_of(inquiry), "key": key, "heading": heading, "text": text}
