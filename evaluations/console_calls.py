"""The call list: one follow-up at a time, due first, with all that helps to verify, and the conclusion. [3.9]"""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.models import Booking
from core.console import actor_of
from core.console_page import console_page
from core.errors import Refused
from core.masks import mask_mobile, mask_name
from evaluations import services
from evaluations.console_forms import CallForm, FindingForm, SendBackForm, UnrectifiedForm
from evaluations.enums import CallOutcome, Reason
from evaluations.models import FollowUp
from evaluations.permissions import can_see_author, check_can_work_on
from evaluations.selectors_followups import calls_of, for_list, units_of_round

FOLLOWS = "evaluations.follow_up"
LISTED_AT_MOST = 50
QUEUE = "console:evaluations_calls"
_page = partial(console_page, title=gettext_lazy("回访电话"), model=FollowUp)


def queue(request: HttpRequest) -> HttpResponse:
    """Leads to the one that is due first, or says that nothing waits."""
    if not request.user.has_perm(FOLLOWS):
        raise PermissionDenied
    first = calls_of(actor_of(request), timezone.now()).values_list("pk", flat=True).first()
    if first is not None:
        return redirect("console:evaluations_calls_desk", first)
    return _page(request, "console/follow_up_calls_empty.html", {})


def desk(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.user.has_perm(FOLLOWS):
        raise PermissionDenied
    follow_up = get_object_or_404(for_list(FollowUp.objects.visible_to(actor_of(request))), pk=pk)
    check_can_work_on(actor_of(request), follow_up)
    chosen = request.POST.get("decision", "")
    offered = _forms(follow_up, chosen, request)
    contact = None
    if chosen == "reveal":
        contact = _reveal(request, follow_up)
    elif chosen in offered and offered[chosen].is_valid():
        answer = _do(request, follow_up, chosen, offered[chosen])
        if answer is not None:
            return answer
    status = 422 if chosen in offered else 200
    context = _context(request, follow_up, offered, chosen) | {"contact": contact}
    return _page(request, "console/follow_up_calls.html", context, status=status)


def _forms(follow_up: FollowUp, chosen: str, request: HttpRequest) -> dict[str, forms.Form]:
    def given(name: str) -> Any:
        return request.POST if name == chosen else None

    made: dict[str, forms.Form] = {
        "call": CallForm(given("call")),
        "confirm": FindingForm(given("confirm"), prefix="confirm"),
        "send-back": SendBackForm(given("send-back"), follow_up=follow_up, prefix="again"),
        "unrectified": UnrectifiedForm(given("unrectified"), prefix="unrectified"),
    }
    return made


def _reveal(request: HttpRequest, follow_up: FollowUp) -> Booking | None:
    """On this answer alone, which no one keeps; the next look leaves its trace again."""
    try:
        return services.reveal_for_follow_up(follow_up_id=follow_up.pk, reason=_("电话回访"), actor=actor_of(request))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return None


def _do(request: HttpRequest, follow_up: FollowUp, chosen: str, form: Any) -> HttpResponse | None:
    """Where it leads to, or None when it was refused and the page is shown again."""
    act = {"call": _call, "confirm": _confirm, "send-back": _send_back, "unrectified": _unrectified}[chosen]
    following = _next_key(request, follow_up)
    try:
        sentence, stays = act(request, follow_up, form)
    except Refused as refusal:
        if not FollowUp.objects.open().filter(pk=follow_up.pk).exists():
            # Pressed a second time: the page has no form any more, and shows the conclusion.
            messages.info(request, refusal.message)
            return redirect("console:evaluations_calls_desk", follow_up.pk)
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return None
    messages.success(request, sentence)
    goes_to = follow_up.pk if stays else following
    return redirect("console:evaluations_calls_desk", goes_to) if goes_to else redirect(QUEUE)


def _call(request: HttpRequest, follow_up: FollowUp, form: CallForm) -> tuple[str, bool]:
    """Who was reached is decided on now; else the next one is phoned."""
    made = services.record_call(
        follow_up_id=follow_up.pk, actor=actor_of(request), now=timezone.now(), **form.cleaned_data
    )
    said = {"case": follow_up.case.reference, "outcome": made.get_outcome_display()}
    return _("%(case)s：%(outcome)s，已登记。") % said, made.outcome == CallOutcome.REACHED


def _confirm(request: HttpRequest, follow_up: FollowUp, form: Any) -> tuple[str, bool]:
    services.confirm_follow_up(follow_up_id=follow_up.pk, **_by(request), **form.cleaned_data)
    return _("%s：核实无误，已告知企业。") % follow_up.case.reference, False


def _send_back(request: HttpRequest, follow_up: FollowUp, form: SendBackForm) -> tuple[str, bool]:
    services.send_case_back(
        follow_up_id=follow_up.pk,
        finding=form.cleaned_data["finding"],
        parts=form.parts(),
        keeps_legal_limit=form.cleaned_data.get("keeps_legal_limit", False),
        **_by(request),
    )
    return _("%s：已重新交办，核实情况已告知承办部门和企业。") % follow_up.case.reference, False


def _unrectified(request: HttpRequest, follow_up: FollowUp, form: Any) -> tuple[str, bool]:
    services.find_unrectified(follow_up_id=follow_up.pk, **_by(request), **form.cleaned_data)
    return _("%s：认定无整改成效，已告知承办部门和企业。") % follow_up.case.reference, False


def _by(request: HttpRequest) -> dict[str, Any]:
    return {"actor": actor_of(request), "now": timezone.now()}


def _neighbours(keys: list[int], key: int) -> tuple[int | None, int | None]:
    """The one before and the one after in the list."""
    if key not in keys:
        return None, keys[0] if keys else None
    place = keys.index(key)
    return (keys[place - 1] if place else None), (keys[place + 1] if place + 1 < len(keys) else None)


def _next_key(request: HttpRequest, follow_up: FollowUp) -> int | None:
    keys = list(calls_of(actor_of(request), timezone.now()).values_list("pk", flat=True)[:LISTED_AT_MOST])
    return _neighbours(keys, follow_up.pk)[1]


def _context(request: HttpRequest, follow_up: FollowUp, offered: dict[str, forms.Form], chosen: str) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    waiting = list(calls_of(actor, now)[:LISTED_AT_MOST])
    before, after = _neighbours([row.pk for row in waiting], follow_up.pk)
    case = follow_up.case
    return {
        "follow_up": follow_up,
        "case": case,
        "booking": case.booking,
        "waiting": waiting,
        "now": now,
        "previous_key": before,
        "next_key": after,
        "forms": offered if follow_up.is_open else {},
        "chosen": chosen if chosen in offered else "call",
        "masked": {"name": mask_name(case.booking.representative_name), "mobile": mask_mobile(case.booking.mobile)},
        "closing": case.closings.filter(round=follow_up.round).first(),
        "units": units_of_round(follow_up),
        "calls": list(follow_up.calls.select_related("by").order_by("-at", "-pk")),
        "case_url": reverse("console:cases_case_change", args=[case.pk]),
    } | why_for(request, follow_up)


def why_for(request: HttpRequest, follow_up: FollowUp) -> dict[str, Any]:
    """Why there is one, with the rating; nothing for who may not know, and each look leaves its trace. [5.2]"""
    actor = actor_of(request)
    if not can_see_author(actor, follow_up):
        return {}
    reasons = services.look_at_author(follow_up_id=follow_up.pk, actor=actor)
    rating = follow_up.case.ratings.filter(round=follow_up.round).first()
    because = [Reason(reason).label for reason in rating.reasons] if rating else []
    return {"reasons": reasons, "rating": rating, "because": because}
