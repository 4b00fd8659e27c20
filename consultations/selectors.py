"""Named reads of records. [3.6]"""

from consultations.models import Consultation, Version


def record_of(booking_id: int) -> Consultation | None:
    return Consultation.objects.filter(booking=booking_id).first()


def last_version(record: Consultation) -> Version | None:
    return record.versions.order_by("-number").first()
