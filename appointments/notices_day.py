"""What is said about the day of a consultation that was not held. [3.3]"""

from appointments.models import Booking
from appointments.notices import tell
from appointments.notices_handling import tell_department
from departments.selectors import bureau


def booking_absent(booking: Booking) -> None:
    tell(booking, "booking_absent", once_for="1")


def booking_not_seen(booking: Booking) -> None:
    """To the enterprise, and to the bureau, whose doing it is."""
    tell(booking, "booking_not_seen", once_for="1")
    tell_department(booking, "sitting_ended_unseen", [bureau()], once_for="1")
