"""Read once more, signed by hand if one likes, and signed off. [3.6]"""

import base64
import binascii
from functools import partial

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations import fields, services
from consultations.console_record import revision_of, visible
from consultations.enums import Outcome, Side
from consultations.guards import problems_of
from consultations.models import Consultation, Signature
from consultations.paper import paper_of
from consultations.permissions import check_can_sign
from core.console import actor_of
from core.console_page import console_page
from core.errors import AlreadyDone, Refused
from core.policy import FEEDBACK_WORKING_DAYS, JOINT_FEEDBACK_WORKING_DAYS
from core.templatetags.cn import cn_date

_page = partial(console_page, title=gettext_lazy("核对并签办"), model=Consultation)

DATA_MARK = "data:image/png;base64,"
SIGN = "sign"


def sign(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible(request, pk)
    check_can_sign(actor_of(request), found.session)
    if found.is_signed:
        return redirect("console:consultations_consultation_change", pk)
    if problems_of(found, fields.read(found), found.session):
        messages.error(request, _("还有内容没有填写，不能签办。"))
        return redirect("console:consultations_consultation_record", pk)
    if request.POST.get("do") == SIGN:
        return _sign(request, found)
    return _show(request, found)


def _show(request: HttpRequest, found: Consultation, refusal: Refused | None = None) -> HttpResponse:
    hands = set(found.signatures.values_list("side", flat=True))
    context = {
        "record": found,
        "paper": paper_of(found),
        "sides": [(side, side in hands) for side in Side],
        "refusal": refusal,
        "joint": found.outcome == Outcome.HANDED_OVER and found.assisting.exists(),
        "single_days": FEEDBACK_WORKING_DAYS,
        "joint_days": JOINT_FEEDBACK_WORKING_DAYS,
    }
    return _page(request, "console/record_sign.html", context, status=422 if refusal else 200)


def _sign(request: HttpRequest, found: Consultation) -> HttpResponse:
    now, actor = timezone.now(), actor_of(request)
    try:
        for side in Side:
            if text := request.POST.get(f"signature_{side}", ""):
                services.sign_by_hand(
                    consultation_id=found.pk, side=side, picture=_picture(text), actor=actor, now=now
                )
        signed = services.sign_off(consultation_id=found.pk, revision=revision_of(request), actor=actor, now=now)
    except AlreadyDone as refusal:
        messages.info(request, refusal.message)
    except Refused as refusal:
        return _show(request, visible(request, found.pk), refusal)
    else:
        messages.success(request, _said(signed))
    return redirect("console:consultations_consultation_change", found.pk)


def _said(signed: Consultation) -> str:
    if signed.due_on:
        said = {"reference": signed.reference, "unit": signed.lead, "day": cn_date(signed.due_on)}
        return _("%(reference)s 已签办，交%(unit)s办理，%(day)s前反馈。") % said
    return _("%(reference)s 已签办：%(outcome)s，当日销号。") % {
        "reference": signed.reference,
        "outcome": signed.get_outcome_display(),
    }


def _picture(text: str) -> bytes:
    """The canvas's own words for a PNG; what is none is refused by its content."""
    if not text.startswith(DATA_MARK):
        return b""
    try:
        return base64.b64decode(text[len(DATA_MARK) :], validate=True)
    except (binascii.Error, ValueError):
        return b""


def signature(request: HttpRequest, pk: int, side: str) -> FileResponse:
    """A hand's picture, for who may see the record; never as a page of its own."""
    found = get_object_or_404(Signature, consultation=visible(request, pk), side=side)
    response = FileResponse(found.image.open("rb"), content_type="image/png")
    response.headers["Cache-Control"] = "private, no-store"
    return response
