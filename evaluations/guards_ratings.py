"""May it be said so: what a rating may hold. [3.8]"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from core import policy
from core.errors import Refused
from evaluations.enums import Reason
from evaluations.models import Invitation
from evaluations.selectors_ratings import rating_of


def check_reasons(reasons: Sequence[str], *, satisfied: bool) -> None:
    """Reasons of the list, each once, and of who is not satisfied."""
    if not set(reasons) <= set(Reason.values):
        raise Refused("unknown_reason", _("请从列出的原因中选择。"), field="reasons")
    if reasons and satisfied:
        raise Refused("no_reason_needed", _("两项都满意的，无需选择原因。"), field="reasons")


def check_comment(comment: str) -> None:
    if len(comment) > policy.RATING_COMMENT_CHARACTERS_MAX:
        limit = policy.RATING_COMMENT_CHARACTERS_MAX
        raise Refused("too_long", _("意见不超过 %s 字。") % limit, field="comment")


def check_not_rated(invitation: Invitation) -> None:
    """A link that is sent again is for who has not rated."""
    if rating_of(invitation) is not None:
        raise Refused("rated", _("本轮已经评价，无需再发送评价链接。"))
