"""What is typed and attached before it is submitted, kept on the server. [3.3]"""

from datetime import datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from appointments import guards
from appointments.enums import LOST, RAN_OUT, BookingStatus
from appointments.models import Attachment, Booking, BookingDraft
from core import policy
from core.errors import Refused
from core.selectors import ours
from core.transitions import lock
from core.uploads import file_kind, file_name

Answers = dict[str, list[str]]
ANSWER_VALUES_MAX = 30
# The form's own name for what is added afterwards.
FACTS = "text"


def _clip(values: list[str]) -> list[str]:
    """Bounded, and without the NUL that a database refuses."""
    return [value.replace("\x00", "")[: policy.DRAFT_ANSWER_CHARACTERS_MAX] for value in values[:ANSWER_VALUES_MAX]]


def keep_answers(*, booking_id: int, answers: Answers, now: datetime) -> BookingDraft:
    """Keep what one step holds, unchecked; other steps' answers stay. Refuses `not_fillable`."""
    with transaction.atomic():
        booking = lock(Booking, booking_id)
        guards.check_can_fill(booking)
        draft, _created = BookingDraft.objects.get_or_create(booking=booking, defaults={"saved_at": now})
        draft.answers = draft.answers | {name: _clip(values) for name, values in answers.items()}
        draft.saved_at = now
        draft.save(update_fields=["answers", "saved_at"])
    return draft


def keep_unsent_facts(*, booking_id: int, text: str, now: datetime) -> None:
    """What was asked for, typed and not yet sent, stays while files are uploaded. [3.4]"""
    with transaction.atomic():
        booking = lock(Booking, booking_id)
        if booking.status == BookingStatus.RETURNED:
            kept = {"answers": {FACTS: _clip([text])}, "saved_at": now}
            BookingDraft.objects.update_or_create(booking=booking, defaults=kept)


def unsent_facts(booking: Booking) -> str:
    draft = BookingDraft.objects.filter(booking=booking).first()
    return draft.answers.get(FACTS, [""])[0] if draft else ""


def forget_unsent_facts(booking: Booking) -> None:
    BookingDraft.objects.filter(booking=booking).delete()


def keep_attachment(*, booking_id: int, upload: UploadedFile, now: datetime) -> Attachment:
    """Keep one file, known by its content. [3.3]

    Refuses `too_many_files`, `file_too_large`, `file_empty`, `file_kind`, `not_fillable`.
    """
    kind = file_kind(upload)
    with transaction.atomic():
        booking = lock(Booking, booking_id)
        guards.check_can_attach(booking)
        if booking.attachments.count() >= policy.ATTACHMENTS_MAX:
            raise Refused("too_many_files", _("最多上传 %s 个文件。") % policy.ATTACHMENTS_MAX, field="attachments")
        return Attachment.objects.create(
            booking=booking,
            name=file_name(upload),
            content_type=kind,
            size=upload.size or 0,
            file=upload,
            uploaded_at=now,
        )


def remove_attachment(*, booking_id: int, attachment_id: int) -> None:
    """Take a file back before submitting. Refuses `not_fillable`; a file already gone is no error."""
    with transaction.atomic():
        guards.check_can_fill(lock(Booking, booking_id))
        attachment = Attachment.objects.filter(booking_id=booking_id, pk=attachment_id).first()
        if attachment is None:
            return
        stored = attachment.file
        attachment.delete()
        transaction.on_commit(lambda: stored.delete(save=False))


def forget_abandoned(now: datetime) -> int:
    """Remove drafts and files of bookings that were never submitted, 30 days after the last keystroke."""
    ended = (*RAN_OUT, *LOST, BookingStatus.CANCELLED)
    limit = now - timedelta(days=ours(policy.DRAFT_KEPT_DAYS))
    old = BookingDraft.objects.filter(saved_at__lt=limit, booking__status__in=ended)
    keys = list(old.values_list("booking_id", flat=True)[:200])
    for attachment in Attachment.objects.filter(booking_id__in=keys, booking__confirmed_at__isnull=True):
        stored = attachment.file
        attachment.delete()
        stored.delete(save=False)
    BookingDraft.objects.filter(booking_id__in=keys).delete()
    return len(keys)
