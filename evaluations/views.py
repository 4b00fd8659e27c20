"""The enterprise's page of its rating: two taps, one look, one press. Opening the link decides nothing. [3.8]

Its address is a secret of its own, which rates a round and opens nothing else: no page here names the slip's. [3.3]
"""

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from appointments.forms import PressureForm
from appointments.services import report_pressure
from core import audit
from core.errors import AlreadyDone, Refused
from core.public import View, public_form
from evaluations import services
from evaluations.enums import Reason
from evaluations.forms import NO, QUESTIONS, YES, RatingForm, answers_in
from evaluations.models import Invitation, Rating
from evaluations.selectors_ratings import answer_of, invitation_by_secret, rating_of


def rating_page(view: View) -> View:
    """A page for the holder of a rating's address; for an unknown one it says how to get it again."""

    @wraps(view)
    def with_invitation(request: HttpRequest, secret: str) -> HttpResponse:
        invitation = invitation_by_secret(secret)
        if invitation is None:
            return render(request, "evaluations/unknown_link.html", {}, status=404)
        return view(request, invitation)

    return public_form(with_invitation)


def page_url(invitation: Invitation, name: str = "evaluations:rating", **query: str) -> str:
    address = reverse(name, args=[invitation.secret])
    return f"{address}?{urlencode(query)}" if query else address


def page_context(invitation: Invitation) -> dict[str, Any]:
    """What stands on each of these pages."""
    case = invitation.case
    return {
        "invitation": invitation,
        "booking": case.booking,
        "case": case,
        "is_over": invitation.is_over(timezone.localdate()),
        # It has been handled again since, or is being so: that round is asked about by a link of its own. [3.9]
        "is_former": case.round > invitation.round,
        "pressure_url": page_url(invitation, "evaluations:pressure"),
    }


@rating_page
def rating(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Asked in turn, looked at, pressed; once rated it shows what was said, and cannot change it."""
    given = rating_of(invitation)
    if given is not None:
        return _said(request, invitation, given)
    if request.method == "POST":
        return _submit(request, invitation)
    answered = answers_in(request.GET)
    unanswered = next((name for name in QUESTIONS if name not in answered), None)
    if unanswered is None:
        return _check(request, invitation, RatingForm(initial=answered, satisfied=_satisfied(answered)))
    return _ask(request, invitation, unanswered, answered)


def _satisfied(answered: dict[str, str]) -> bool:
    return NO not in answered.values()


def _ask(request: HttpRequest, invitation: Invitation, name: str, answered: dict[str, str]) -> HttpResponse:
    """One question; each answer is a link of the form that leads on. A question asked anew keeps the other answer."""
    context = page_context(invitation) | {
        "question": name,
        "number": QUESTIONS.index(name) + 1,
        "steps": len(QUESTIONS) + 1,
        "answered": answered.items(),
        "closing": answer_of(invitation),
        "yes": YES,
        "no": NO,
    }
    return render(request, "evaluations/ask.html", context)


def _check(request: HttpRequest, invitation: Invitation, form: RatingForm, status: int = 200) -> HttpResponse:
    """Both answers once more, and what may be added; nothing is decided before the press."""
    answers = {name: form[name].value() for name in QUESTIONS}
    context = page_context(invitation) | {
        "form": form,
        "fields": [field for field in form.visible_fields() if field.name != "call_back"],
        "answers": [
            {
                "label": form[name].label,
                "satisfied": answers[name] == YES,
                "change_url": page_url(invitation, **{other: answers[other] for other in QUESTIONS if other != name}),
            }
            for name in QUESTIONS
        ],
        "satisfied": _satisfied(answers),
        "steps": len(QUESTIONS) + 1,
    }
    return render(request, "evaluations/check.html", context, status=status)


def _submit(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    answered = answers_in(request.POST)
    if len(answered) < len(QUESTIONS):
        return redirect(page_url(invitation, **answered))
    form = RatingForm(request.POST, satisfied=_satisfied(answered))
    if not form.is_valid():
        return _check(request, invitation, form, status=422)
    try:
        services.rate(invitation_id=invitation.pk, opinion=form.opinion(), actor=audit.HOLDER, now=timezone.now())
    except AlreadyDone:
        return redirect(page_url(invitation, again="1"))
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _check(request, invitation, form, status=409)
    return redirect(page_url(invitation, done="1"))


def _said(request: HttpRequest, invitation: Invitation, given: Rating) -> HttpResponse:
    """What was said. A second press, from whichever page, is answered with it. [3.8]"""
    if request.method == "POST":
        return redirect(page_url(invitation, again="1"))
    context = page_context(invitation) | {
        "rating": given,
        "reasons": [Reason(reason).label for reason in given.reasons],
        "just_now": "done" in request.GET,
        "again": "again" in request.GET,
    }
    return render(request, "evaluations/said.html", context)


@rating_page
def pressure(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """For the inspection office alone. [5.2]"""
    context = {"booking": invitation.case.booking, "rating_url": page_url(invitation)}
    if "done" in request.GET:
        return render(request, "evaluations/pressure_done.html", context)
    form = PressureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        report_pressure(booking_id=invitation.case.booking_id, now=timezone.now(), **form.cleaned_data)
        return redirect(page_url(invitation, "evaluations:pressure", done="1"))
    return render(request, "evaluations/pressure.html", context | {"form": form}, status=422 if form.errors else 200)
