from consultations.models.attendance import Attendance, Signature
from consultations.models.draft import DraftKey
from consultations.models.record import Consultation, Version

__all__ = ["Attendance", "Consultation", "DraftKey", "Signature", "Version"]
