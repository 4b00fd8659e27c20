"""What is found of a case by the console's search: under its booking's key, beside what the booking says. [3.7]"""

from django.db import transaction

from appointments.models import Booking
from appointments.services import index_booking
from cases.enums import SEARCH_PART
from cases.models import Case
from core import search
from core.transitions import lock


def index_case(case: Case, *, repair: bool = False) -> None:
    """In the transaction that wrote what is searched: the answers of every round."""
    answers = list(case.closings.order_by("round").values_list("answer", flat=True))
    search.write(case.booking_id, {SEARCH_PART: [case.points, *answers]}, repair=repair)


def index_again(*, booking_id: int) -> None:
    """The repair: all that is searched of a booking and its case, written anew under the booking's lock."""
    with transaction.atomic():
        booking = lock(Booking, booking_id)
        index_booking(booking, repair=True)
        case = Case.objects.filter(booking=booking).first()
        if case is not None:
            index_case(lock(Case, case.pk), repair=True)
