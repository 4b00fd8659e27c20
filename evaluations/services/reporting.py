"""反映办理问题: what the enterprise itself says of how its demand is handled, to the inspection office. [3.9]"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Case
from core import audit, secrets
from core.errors import AlreadyDone
from core.transitions import lock
from evaluations import guards_followups as guards
from evaluations.enums import Origin
from evaluations.models import FollowUp, FollowUpReason
from evaluations.services.followups import open_follow_up


def report_problem(*, case_id: int, text: str, submission: str, now: datetime) -> FollowUp:
    """A problem with the handling, at any stage; a second press sends nothing. [3.9]

    Refuses `no_text`, `too_often`, `already_done`, `gone`.
    """
    guards.check_text(text, "no_text", _("请填写要反映的问题。"), "text")
    digest = secrets.digest(f"{submission}\n{text.strip()}")
    with transaction.atomic():
        case = lock(Case, case_id)
        reports = FollowUpReason.objects.filter(follow_up__case=case, origin=Origin.REPORTED, by__isnull=True)
        if reports.filter(submission_digest=digest).exists():
            raise AlreadyDone("already_done", _("此前已提交，督查科已收到。"))
        guards.check_not_too_many(list(reports.values_list("at", flat=True)), now)
        return open_follow_up(
            case_id=case.pk,
            origin=Origin.REPORTED,
            actor=audit.HOLDER,
            note=text,
            submission_digest=digest,
            now=now,
        )
