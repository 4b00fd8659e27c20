"""What is said to an enterprise about its rating. Never what was answered, and never how anybody rated. [3.8]"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core import secrets
from core.audit import subject_of
from core.templatetags.cn import cn_last_day
from evaluations.models import Invitation
from evaluations.selectors_ratings import ways_to_ask
from notifications.services import Kind, Variable, enqueue, link_placeholder, register, render, withhold

COMPANY = Variable("company", _("企业名称"), _("安宁磷化工有限公司"))
REFERENCE = Variable("reference", _("预约编号"), "26-24-7KQ4A")
UNTIL = Variable("until", _("评价期满日"), _("2026年12月25日（周五，含当日）"))
LINK = Variable("rating", _("评价链接"), "{{rating}}")
register(
    Kind("rating_asked", _("邀请评价"), (COMPANY, REFERENCE, UNTIL, LINK)),
    Kind("rating_reminder", _("评价提醒"), (COMPANY, REFERENCE, UNTIL, LINK)),
    Kind("rating_link_again", _("评价链接重发"), (REFERENCE, LINK)),
)
# What becomes untrue with the rating.
ASKING = ("rating_asked", "rating_reminder", "rating_link_again")


def tell(invitation: Invitation, kind: str, *, once_for: str) -> None:
    booking = invitation.case.booking
    variables = {
        "company": booking.company_name,
        "reference": booking.reference,
        "until": cn_last_day(invitation.silent_on),
        "rating": link_placeholder(secrets.RATING),
    }
    heading, text = render(kind, **variables)
    for channel, recipient in ways_to_ask(booking):
        enqueue(
            kind=kind,
            channel=channel,
            recipient=recipient,
            subject=subject_of(invitation),
            heading=heading,
            text=text,
            variables=variables,
            link_seed=str(invitation.link_seed),
            dedup_key=f"rating:{invitation.pk}:{kind}:{once_for}:{channel}",
        )


def asked(invitation: Invitation) -> None:
    tell(invitation, "rating_asked", once_for="1")


def reminded(invitation: Invitation) -> None:
    tell(invitation, "rating_reminder", once_for=str(invitation.reminded))


def link_again(invitation: Invitation, now: datetime) -> None:
    """At most one in ten minutes, however often it is asked for."""
    tell(invitation, "rating_link_again", once_for=str(int(now.timestamp()) // 600))


def no_more_asking(invitation: Invitation) -> None:
    """It has rated: what still waits to be sent is not sent."""
    withhold(subject=subject_of(invitation), kinds=ASKING)
