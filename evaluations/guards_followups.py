"""Whether it may happen with a follow-up now. Each check passes or refuses with a sentence. [3.9]"""

from django.utils.translation import gettext as _

from cases.models import Case
from core.errors import Refused
from core.models import User
from departments.enums import DepartmentKind
from evaluations.permissions import kind_of
from evaluations.selectors_followups import bureau_took_part


def check_text(text: str, code: str, sentence: str, field: str) -> None:
    if not text.strip():
        raise Refused(code, sentence, field=field)


def check_round(case: Case, round: int) -> None:
    """Refuses `no_such_round`."""
    if not 1 <= round <= case.round:
        raise Refused("no_such_round", _("该诉求没有第 %s 轮办理。") % round)


def check_assignee(assignee: User, case: Case, round: int) -> None:
    """Of the bureau or the inspection office; where the bureau itself handled, of the inspection office. [3.9]

    Refuses `cannot_follow_up`, `bureau_handled`.
    """
    if not assignee.is_active or not assignee.has_perm("evaluations.follow_up"):
        raise Refused("cannot_follow_up", _("回访人应是市政务服务局或督查科的在岗人员。"), field="assignee")
    if kind_of(assignee) == DepartmentKind.BUREAU and bureau_took_part(case, round):
        raise Refused("bureau_handled", _("市政务服务局承办的诉求，由督查科回访。"), field="assignee")
