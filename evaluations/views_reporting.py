"""The enterprise's own page to report a problem with the handling, behind its booking's secret address. [3.9]"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from appointments.models import Booking
from appointments.views.common import hold_context, holder_page
from cases.models import Case
from core import secrets
from core.errors import AlreadyDone, Refused
from evaluations import services
from evaluations.forms_reporting import ReportForm


@holder_page
def report(request: HttpRequest, booking: Booking) -> HttpResponse:
    """反映办理问题, at any stage of the case; it goes to the inspection office. [3.9]"""
    case = Case.objects.filter(booking=booking).first()
    if case is None:
        raise Http404
    context = hold_context(booking, timezone.now())
    if request.method != "POST":
        form = ReportForm(initial={"submission": secrets.new_submission()})
        return render(request, "evaluations/report.html", context | {"form": form})
    form = ReportForm(request.POST)
    if form.is_valid() and _sent(case, form):
        return render(request, "evaluations/report_done.html", context)
    return render(request, "evaluations/report.html", context | {"form": form}, status=422)


def _sent(case: Case, form: ReportForm) -> bool:
    try:
        services.report_problem(
            case_id=case.pk,
            text=form.cleaned_data["text"],
            submission=secrets.submission_or_new(form.cleaned_data["submission"]),
            now=timezone.now(),
        )
    except AlreadyDone:
        return True
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return False
    return True
