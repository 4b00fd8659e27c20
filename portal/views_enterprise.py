"""The enterprise's page: one address from the number to the close-out, and what it adds to its case. [3.3] [3.7]

It stands here because it spans the chain: the slip is the appointments', the case knows nothing of the page.
"""

from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from appointments.models import Booking
from appointments.views.common import hold_context, holder_page, ticket_url
from appointments.views.ticket import papers_of, slip
from cases import services
from cases.enums import CaseStatus
from cases.models import Case, CaseFile
from cases.selectors import parts_of, supplements_of, unsent_supplement
from cases.selectors_enterprise import case_of, progress_of
from core import audit, policy, secrets
from core.downloads import download
from core.errors import AlreadyDone, Refused
from core.public import View
from evaluations import services as ratings
from evaluations.selectors_followups import told_to_enterprise
from portal.forms import AddToCaseForm, RoundForm
from portal.views_rounds import rounds_context


@holder_page
def page(request: HttpRequest, booking: Booking) -> HttpResponse:
    """The registration slip, and from the consultation on the case: every message's link goes on working. [3.7]"""
    case = case_of(booking)
    return slip(request, booking) if case is None else _case(request, case)


def _case(request: HttpRequest, case: Case) -> HttpResponse:
    """Where it stands, which departments handle it, until when and why, and what was answered. [3.7]"""
    now = timezone.now()
    context = (
        hold_context(case.booking, now)
        | papers_of(case.booking)
        | {
            "case": case,
            "sitting": case.booking.sitting,
            "progress": progress_of(case, now),
            "is_closed": case.status == CaseStatus.CLOSED,
            "added": _with_addresses(case),
            "has_unsent": _has_unsent(case),
            "add_url": ticket_url(case.booking, "portal:add_to_case"),
            "report_url": ticket_url(case.booking, "evaluations:report"),
            "told": told_to_enterprise(case),
        }
        | rounds_context(case, now, just_sent="sent" in request.GET)
    )
    return render(request, "portal/case.html", context)


def _has_unsent(case: Case) -> bool:
    unsent = unsent_supplement(case)
    return unsent is not None and (bool(unsent.text.strip()) or unsent.files.exists())


def _with_addresses(case: Case) -> list[Any]:
    added = supplements_of(case)
    for supplement in added:
        for file in supplement.files.all():
            file.url = ticket_url(case.booking, "portal:case_file", str(file.pk))
    return added


def case_page(view: View) -> View:
    """A page for who holds the address of a booking that became a case; without one it is not found."""

    @wraps(view)
    def with_case(request: HttpRequest, booking: Booking, *args: Any, **kwargs: Any) -> HttpResponse:
        case = case_of(booking)
        if case is None:
            raise Http404
        return view(request, case, *args, **kwargs)

    return holder_page(with_case)


@case_page
def rating_link(request: HttpRequest, case: Case) -> HttpResponse:
    """Send a round's link to the contact on record, who alone rates; no page of the slip holds it. [3.8] [3.3]"""
    if request.method != "POST":
        return redirect(f"{ticket_url(case.booking)}#rating")
    form = RoundForm(request.POST)
    try:
        if form.is_valid():
            ratings.send_link_again(
                case_id=case.pk, round=form.cleaned_data["round"], actor=audit.HOLDER, now=timezone.now()
            )
            return redirect(f"{ticket_url(case.booking)}?sent=1#rating")
    except Refused:  # rated meanwhile, or no such round: the page says how it stands
        pass
    return redirect(f"{ticket_url(case.booking)}#rating")


@case_page
def add(request: HttpRequest, case: Case) -> HttpResponse:
    """Add facts or files while the demand is handled: one button keeps, the other sends. [3.7]"""
    if case.status == CaseStatus.CLOSED:
        return _too_late(request, case)
    if request.method != "POST":
        unsent = unsent_supplement(case)
        typed = {"text": unsent.text if unsent else "", "submission": secrets.new_submission()}
        return _add_page(request, case, AddToCaseForm(initial=typed))
    form = AddToCaseForm(request.POST)
    sends = form.is_valid() and "upload" not in request.POST
    try:
        problems = _send(request, case, form) if sends else _keep(request, case)
    except Refused:  # closed while it was typed
        return _too_late(request, case)
    for problem in problems:
        form.add_error(None, problem)
    if form.errors:
        return _add_page(request, case, form, status=422)
    back = ticket_url(case.booking)
    return redirect(f"{back}#added" if sends else ticket_url(case.booking, "portal:add_to_case"))


def _send(request: HttpRequest, case: Case, form: AddToCaseForm) -> list[str]:
    """What stands against it; then the words, and the files that can be kept, are kept."""
    try:
        services.add_to_case(
            case_id=case.pk,
            text=form.cleaned_data["text"],
            uploads=request.FILES.getlist("attachments"),
            submission=secrets.submission_or_new(form.cleaned_data["submission"]),
            now=timezone.now(),
        )
    except AlreadyDone:
        return []
    except Refused as refusal:
        return list(dict.fromkeys([*_keep(request, case), str(refusal.message)]))
    return []


def _keep(request: HttpRequest, case: Case) -> list[str]:
    return services.keep_unsent(
        case_id=case.pk,
        text=request.POST.get("text", ""),
        uploads=request.FILES.getlist("attachments"),
        now=timezone.now(),
    )


def _add_page(request: HttpRequest, case: Case, form: AddToCaseForm, status: int = 200) -> HttpResponse:
    unsent = unsent_supplement(case)
    files: list[Any] = list(unsent.files.all()) if unsent else []
    for file in files:
        file.remove_url = ticket_url(case.booking, "portal:remove_case_file", str(file.pk))
    context = hold_context(case.booking, timezone.now()) | {
        "form": form,
        "files": files,
        "files_max": policy.ATTACHMENTS_MAX,
        "autosave_url": ticket_url(case.booking, "portal:keep_for_case"),
        "units": [part.department.name for part in parts_of(case)],
    }
    return render(request, "portal/add_to_case.html", context, status=status)


def _too_late(request: HttpRequest, case: Case) -> HttpResponse:
    """Closed: where to turn, and what was typed, so that it can be taken along."""
    context = hold_context(case.booking, timezone.now()) | {"typed": request.POST.get("text", "").strip()}
    return render(request, "portal/add_too_late.html", context, status=409 if request.method == "POST" else 200)


@case_page
def keep(request: HttpRequest, case: Case) -> HttpResponse:
    """What is typed, kept in passing; 204 says it is safe, 409 that the case is closed."""
    if request.method != "POST":
        raise Http404
    try:
        services.keep_unsent(case_id=case.pk, text=request.POST.get("text", ""), now=timezone.now())
    except Refused:
        return HttpResponse(status=409)
    return HttpResponse(status=204)


@case_page
def file(request: HttpRequest, case: Case, file_id: int) -> HttpResponse:
    """The enterprise's own file, as a download."""
    return download(get_object_or_404(CaseFile, pk=file_id, supplement__case=case))


@case_page
def remove_file(request: HttpRequest, case: Case, file_id: int) -> HttpResponse:
    if request.method == "POST" and case.status != CaseStatus.CLOSED:
        services.remove_file(case_id=case.pk, file_id=file_id)
    return redirect(ticket_url(case.booking, "portal:add_to_case"))
