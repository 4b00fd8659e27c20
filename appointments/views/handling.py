"""What the enterprise does while its demand is handled: add facts, and say whether it is solved. [3.4] [3.3]"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from appointments import services
from appointments.enums import BookingStatus
from appointments.forms import SupplementForm
from appointments.models import Booking
from appointments.views.common import hold_context, holder_page, keep_files, ticket_url
from core import audit, policy
from core.errors import AlreadyDone, Refused
from core.selectors import ours

# By the button that was pressed; neither of them says nothing.
ANSWERS = {"solved": services.confirm_solved, "unsolved": services.decline_solved}


@holder_page
def facts(request: HttpRequest, booking: Booking) -> HttpResponse:
    """Add what the bureau asked for: one button keeps words and files, the other sends them. [3.4]"""
    if booking.status != BookingStatus.RETURNED:
        return redirect(ticket_url(booking))
    asked = booking.supplements.get(added_at__isnull=True)
    form = SupplementForm(
        request.POST if request.method == "POST" else None, initial={"text": services.unsent_facts(booking)}
    )
    if request.method == "POST":
        problems = keep_files(request, booking)
        if "upload" in request.POST and not problems:
            services.keep_unsent_facts(booking_id=booking.pk, text=request.POST.get("text", ""), now=timezone.now())
            return redirect(ticket_url(booking, "appointments:facts"))
        if not problems and form.is_valid() and _add(booking, form):
            return redirect(ticket_url(booking))
        for problem in problems:
            form.add_error(None, problem)
    context = hold_context(booking, timezone.now()) | {
        "form": form,
        "question": asked,
        "triage_days": ours(policy.TRIAGE_WORKING_DAYS),
        "attachments": list(booking.attachments.all()),
    }
    return render(request, "appointments/add_facts.html", context, status=422 if form.errors else 200)


def _add(booking: Booking, form: SupplementForm) -> bool:
    try:
        services.add_facts(
            booking_id=booking.pk, text=form.cleaned_data["text"], actor=audit.HOLDER, now=timezone.now()
        )
    except AlreadyDone:
        return True
    except Refused as refusal:
        form.add_error(refusal.field, refusal.message)
        return False
    return True


@holder_page
def solved(request: HttpRequest, booking: Booking) -> HttpResponse:
    """The department says that it is solved: the enterprise says whether that is so. Opening it decides nothing."""
    if booking.status != BookingStatus.ACCEPTED or not booking.solution:
        return redirect(ticket_url(booking))
    context = hold_context(booking, timezone.now()) | {"sitting": booking.sitting}
    verb = next((ANSWERS[name] for name in ANSWERS if name in request.POST), None)
    if verb is None:
        return render(request, "appointments/solved.html", context)
    try:
        verb(booking_id=booking.pk, actor=audit.HOLDER, now=timezone.now())
    except Refused as refusal:
        return render(request, "appointments/solved.html", context | {"refusal": refusal}, status=409)
    return redirect(ticket_url(booking))
