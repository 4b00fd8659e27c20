"""Enterprises, their bookings, and what becomes of them until the consultation. [3.3] [3.4]"""

from appointments.models.booking import Booking, Enterprise
from appointments.models.day import BoardDevice, QueueEntry
from appointments.models.handling import Supplement, Verification
from appointments.models.lists import Choice, ConsentText, RefusalGround
from appointments.models.mobile import MobileCode
from appointments.models.papers import Attachment, BookingDraft, PressureReport, attachment_path

__all__ = [
    "Attachment",
    "BoardDevice",
    "Booking",
    "BookingDraft",
    "Choice",
    "ConsentText",
    "Enterprise",
    "MobileCode",
    "PressureReport",
    "QueueEntry",
    "RefusalGround",
    "Supplement",
    "Verification",
    "attachment_path",
]
