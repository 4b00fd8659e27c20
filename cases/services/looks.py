"""An audited look at the enterprise's contact data, by who works on its case. [3.7]"""

from django.utils.translation import gettext as _

from appointments.models import Booking
from cases import guards, permissions
from cases.models import Case
from core import audit
from core.errors import Refused
from core.models import User


def reveal_contact(*, case_id: int, reason: str, actor: User) -> Booking:
    """The whole contact data, with the reason kept. [3.7] Refuses `no_reason`; another department's is not found."""
    guards.check_text(reason, "no_reason", _("请说明查看联系方式的理由。"), "reason")
    case = Case.objects.visible_to(actor).select_related("booking").filter(pk=case_id).first()
    if case is None:
        raise Refused("gone", _("该记录不存在，或不在您的部门。"))
    permissions.check_can_reveal(actor, case)
    audit.record("reveal_contact", case, actor=actor, reason=reason)
    return case.booking
