"""The form in short steps, kept as it is typed, checked as a whole before it is submitted. [3.3] [4.2]"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments import services
from appointments.enums import FILLING, TIMED
from appointments.forms import ANSWER_FORMS, ChineseForm, ConsentForm, FilesForm, answer_form, value_for_people
from appointments.models import Attachment, Booking
from appointments.selectors import answers_of, consent_in_force, departments_of_sitting, grounds
from appointments.services import may_verify
from appointments.views.common import has_run_out, hold_context, holder_page, keep_files, ticket_url
from core import audit
from core.downloads import download
from core.errors import AlreadyDone, Refused
from notifications.selectors import sms_gateway

STEPS = {
    "grounds": _("受理范围"),
    "demand": _("诉求"),
    "facts": _("事实与请求"),
    "contact": _("企业与联系人"),
    "files": _("附件"),
    "review": _("核对并提交"),
}
ORDER = list(STEPS)


@holder_page
def step(request: HttpRequest, booking: Booking, step: str) -> HttpResponse:
    if has_run_out(booking):
        if request.method == "POST" and step in ANSWER_FORMS:  # the last words before the time ran out
            services.keep_answers(booking_id=booking.pk, answers=typed_answers(request, step), now=timezone.now())
        return redirect(ticket_url(booking, "appointments:expired"))
    if booking.status not in FILLING:
        return redirect(ticket_url(booking))
    if step not in STEPS:
        raise Http404
    show = {"grounds": _grounds, "files": _files, "review": _review}.get(step, _answers)
    return show(request, booking, step)


def _grounds(request: HttpRequest, booking: Booking, step: str) -> HttpResponse:
    if request.method == "POST":
        return redirect(next_url(booking, step))
    return render(request, "appointments/grounds.html", step_context(booking, step) | {"grounds": grounds()})


def _answers(request: HttpRequest, booking: Booking, step: str) -> HttpResponse:
    departments = department_keys(booking)
    if request.method != "POST":
        form = answer_form(step, answers_of(booking), departments)
        # What was typed is shown; it is judged when the step is left.
        form = _unjudged(form)
        return render(request, "appointments/step.html", step_context(booking, step) | {"form": form})
    answers = typed_answers(request, step)
    services.keep_answers(booking_id=booking.pk, answers=answers, now=timezone.now())
    form = answer_form(step, answers, departments)
    if form.is_valid():
        return redirect(next_url(booking, step))
    return render(request, "appointments/step.html", step_context(booking, step) | {"form": form}, status=422)


def _unjudged(form: ChineseForm) -> ChineseForm:
    """The same values as initial ones, without messages about what is still missing."""
    if not form.is_bound:
        return form
    initial = {name: form[name].value() for name in form.fields}
    options = {"departments": form.fields["departments"].queryset} if "departments" in form.fields else {}
    return type(form)(initial=initial, **options)


@holder_page
def keep(request: HttpRequest, booking: Booking, step: str) -> HttpResponse:
    """What is typed, kept in passing; 204 says it is safe, 409 that the form is closed."""
    if request.method != "POST" or step not in ANSWER_FORMS:
        raise Http404
    try:
        services.keep_answers(booking_id=booking.pk, answers=typed_answers(request, step), now=timezone.now())
    except Refused:
        return HttpResponse(status=409)
    return HttpResponse(status=204)


def _files(request: HttpRequest, booking: Booking, step: str) -> HttpResponse:
    form = FilesForm(request.POST, request.FILES) if request.method == "POST" else FilesForm()
    if request.method == "POST" and form.is_valid():
        for problem in keep_files(request, booking):
            form.add_error("attachments", problem)
        if not form.errors:
            here = ticket_url(booking, "appointments:step", "files")
            return redirect(here if "upload" in request.POST else next_url(booking, step))
    kept = list(booking.attachments.all())
    for attachment in kept:
        attachment.remove_url = ticket_url(booking, "appointments:remove_file", str(attachment.pk))
    context = step_context(booking, step) | {"form": form, "attachments": kept}
    return render(request, "appointments/step.html", context, status=422 if form.errors else 200)


@holder_page
def remove_file(request: HttpRequest, booking: Booking, attachment_id: int) -> HttpResponse:
    if request.method == "POST":
        services.remove_attachment(booking_id=booking.pk, attachment_id=attachment_id)
    return redirect(ticket_url(booking, "appointments:step", "files"))


def _review(request: HttpRequest, booking: Booking, step: str) -> HttpResponse:
    forms = checked_forms(booking)
    consent = ConsentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and consent.is_valid() and all(form.is_valid() for form in forms.values()):
        cleaned = {name: value for form in forms.values() for name, value in form.cleaned_data.items()}
        refusal = _submit(booking, cleaned)
        if refusal is None:
            return redirect(ticket_url(booking))
        if refusal.code == "hold_ran_out":
            return redirect(ticket_url(booking, "appointments:expired"))
        consent.add_error(None, refusal.message)
    context = step_context(booking, step) | {
        "form": consent,
        "sections": sections_of(booking, forms),
        "errors_by_step": {name: form.errors for name, form in forms.items() if form.errors},
        "consent_text": consent_in_force(timezone.now()).text,
        "can_submit": booking.status in TIMED,
        "mobile_url": ticket_url(booking, "appointments:mobile") if sms_gateway() and may_verify(booking) else "",
    }
    return render(request, "appointments/review.html", context, status=422 if request.method == "POST" else 200)


def _submit(booking: Booking, cleaned: dict[str, Any]) -> Refused | None:
    now = timezone.now()
    try:
        services.confirm_booking(
            booking_id=booking.pk, answers=cleaned, consent=consent_in_force(now), actor=audit.HOLDER, now=now
        )
    except AlreadyDone:
        return None
    except Refused as refusal:
        return refusal
    return None


@holder_page
def attachment(request: HttpRequest, booking: Booking, attachment_id: int) -> HttpResponse:
    """The holder's own file, as a download."""
    return download(get_object_or_404(Attachment, pk=attachment_id, booking=booking))


def department_keys(booking: Booking) -> list[int]:
    return [chair.department_id for chair in departments_of_sitting(booking.sitting_id)]


def typed_answers(request: HttpRequest, step: str) -> dict[str, list[str]]:
    """Every field of the step, also those left empty: an unticked box is an answer."""
    return {name: request.POST.getlist(name) for name in ANSWER_FORMS[step].base_fields}


def checked_forms(booking: Booking) -> dict[str, ChineseForm]:
    """All steps bound to what is kept, for the check as a whole."""
    answers, departments = answers_of(booking), department_keys(booking)
    return {
        name: answer_form(name, {field: answers.get(field, []) for field in form.base_fields}, departments)
        for name, form in ANSWER_FORMS.items()
    }


def sections_of(booking: Booking, forms: dict[str, ChineseForm]) -> list[dict[str, Any]]:
    """Label and value of every answer, by step, with the way back to change it."""
    sections = []
    for name, form in forms.items():
        form.is_valid()
        rows = [
            {
                "label": field.label,
                "value": value_for_people(field, form.cleaned_data.get(key)),
                "errors": form.errors.get(key, []),
            }
            for key, field in form.fields.items()
        ]
        edit_url = ticket_url(booking, "appointments:step", name)
        sections.append({"label": STEPS[name], "edit_url": edit_url, "rows": rows, "missing": bool(form.errors)})
    files = "、".join(attachment.name for attachment in booking.attachments.all()) or "—"
    sections.append(
        {
            "label": STEPS["files"],
            "edit_url": ticket_url(booking, "appointments:step", "files"),
            "rows": [{"label": _("附件"), "value": files, "errors": []}],
            "missing": False,
        }
    )
    return sections


def next_url(booking: Booking, step: str) -> str:
    return ticket_url(booking, "appointments:step", ORDER[ORDER.index(step) + 1])


def step_context(booking: Booking, step: str) -> dict[str, Any]:
    place = ORDER.index(step)
    steps = [
        {
            "key": key,
            "label": label,
            "url": ticket_url(booking, "appointments:step", key),
            "state": "current" if key == step else "done" if ORDER.index(key) < place else "todo",
        }
        for key, label in STEPS.items()
    ]
    return hold_context(booking, timezone.now()) | {
        "sitting": booking.sitting,
        "step": step,
        "steps": steps,
        "previous_url": steps[place - 1]["url"] if place else "",
        "autosave_url": ticket_url(booking, "appointments:keep", step) if step in ANSWER_FORMS else "",
    }
