"""What is found of a booking by the console's search. Its key is the index's key, also for its case."""

from appointments.enums import SearchPart
from appointments.models import Booking
from core import search


def index_booking(booking: Booking, *, repair: bool = False) -> None:
    """In the transaction that wrote what is searched; contact data is none of it."""
    demand = [booking.reference, booking.title, booking.facts, booking.request]
    company = [booking.company_name, booking.credit_code]
    search.write(booking.pk, {SearchPart.DEMAND: demand, SearchPart.COMPANY: company}, repair=repair)
