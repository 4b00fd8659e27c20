import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from appointments import services
from appointments.models import Attachment, BookingDraft
from core import policy
from core.errors import Refused
from sessions_app.models import Sitting
from tests.appointments.conftest import NOW, confirm, take, wait

pytestmark = pytest.mark.clause("[3.3]")
PDF = b"%PDF-1.4 \n%%EOF"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def office(*members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for member in ("[Content_Types].xml", *members):
            archive.writestr(member, "<x/>")
    return buffer.getvalue()


def real_workbook() -> bytes:
    buffer = io.BytesIO()
    Workbook().save(buffer)
    return buffer.getvalue()


def keep(booking, name: str, content: bytes) -> Attachment:
    return services.keep_attachment(booking_id=booking.pk, upload=SimpleUploadedFile(name, content), now=NOW)


def test_answers_of_two_steps_stand_beside_each_other(sitting: Sitting) -> None:
    booking = take(sitting, 1)
    services.keep_answers(booking_id=booking.pk, answers={"title": ["退税"]}, now=NOW)
    services.keep_answers(booking_id=booking.pk, answers={"facts": ["七月"], "channels": ["sms", "email"]}, now=NOW)
    assert booking.draft.answers == {"title": ["退税"], "facts": ["七月"], "channels": ["sms", "email"]}


def test_answers_are_kept_however_wrong_but_bounded(sitting: Sitting) -> None:
    booking = take(sitting, 1)
    hostile = "\x00<script>" + "长" * 20_000
    services.keep_answers(booking_id=booking.pk, answers={"title": [hostile] * 100}, now=NOW)
    kept = BookingDraft.objects.get().answers["title"]
    assert (len(kept), len(kept[0])) == (30, policy.DRAFT_ANSWER_CHARACTERS_MAX)
    assert kept[0].startswith("<script>")


def test_answers_after_submitting_are_refused(sitting: Sitting) -> None:
    booking = confirm(take(sitting, 1))
    with pytest.raises(Refused) as refusal:
        services.keep_answers(booking_id=booking.pk, answers={"title": ["别的"]}, now=NOW)
    assert refusal.value.code == "not_fillable"


def test_answers_in_line_are_kept_for_later(full_sitting: Sitting) -> None:
    booking = wait(full_sitting, 6)
    services.keep_answers(booking_id=booking.pk, answers={"title": ["退税"]}, now=NOW)
    assert booking.draft.answers == {"title": ["退税"]}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("营业执照.pdf", PDF),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(20)),
        ("图.png", PNG),
        ("说明.docx", office("word/document.xml")),
        ("表.xlsx", real_workbook()),
        ("没有后缀", PDF),
    ],
)
def test_file_is_known_by_its_content(sitting: Sitting, name: str, content: bytes) -> None:
    kept = keep(take(sitting, 1), name, content)
    assert (kept.name, kept.size) == (name, len(content))
    assert name not in kept.file.name
    with default_storage.open(kept.file.name) as stored:
        assert stored.read() == content


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("改名.pdf", b"MZ\x90\x00 a program", "file_kind"),
        ("page.jpg", b"<html><script>alert(1)</script>", "file_kind"),
        ("archive.docx", office("something/else.xml"), "file_kind"),
        ("macro.docx", office("word/document.xml", "word/vbaProject.bin"), "file_kind"),
        ("broken.xlsx", b"PK\x03\x04 not an archive at all", "file_kind"),
        ("空.pdf", b"", "file_empty"),
    ],
)
def test_file_in_disguise_is_refused(sitting: Sitting, name: str, content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        keep(take(sitting, 1), name, content)
    assert refusal.value.code == code
    assert f"“{name}”" in str(refusal.value.message)
    assert not Attachment.objects.exists()


def test_file_over_ten_megabytes_is_refused(sitting: Sitting) -> None:
    booking = take(sitting, 1)
    keep(booking, "到顶.pdf", PDF + bytes(policy.ATTACHMENT_BYTES_MAX - len(PDF)))
    with pytest.raises(Refused) as refusal:
        keep(booking, "过大.pdf", PDF + bytes(policy.ATTACHMENT_BYTES_MAX - len(PDF) + 1))
    assert refusal.value.code == "file_too_large"


def test_sixth_file_is_refused(sitting: Sitting) -> None:
    booking = take(sitting, 1)
    for number in range(5):
        keep(booking, f"{number}.pdf", PDF)
    with pytest.raises(Refused) as refusal:
        keep(booking, "6.pdf", PDF)
    assert refusal.value.code == "too_many_files"


def test_removed_file_leaves_the_disk(sitting: Sitting, django_capture_on_commit_callbacks) -> None:
    booking = take(sitting, 1)
    kept = keep(booking, "a.pdf", PDF)
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_attachment(booking_id=booking.pk, attachment_id=kept.pk)
    assert not default_storage.exists(kept.file.name)


def test_another_bookings_file_is_not_removed(sitting: Sitting) -> None:
    mine, other = take(sitting, 1), take(sitting, 2)
    kept = keep(other, "a.pdf", PDF)
    services.remove_attachment(booking_id=mine.pk, attachment_id=kept.pk)
    assert Attachment.objects.filter(pk=kept.pk).exists()


def test_abandoned_drafts_and_files_are_forgotten_after_thirty_days(sitting: Sitting) -> None:
    left, submitted = take(sitting, 1), take(sitting, 2)
    for booking in (left, submitted):
        services.keep_answers(booking_id=booking.pk, answers={"title": ["退税"]}, now=NOW)
    gone, stays = keep(left, "a.pdf", PDF), keep(submitted, "b.pdf", PDF)
    confirm(submitted)
    services.release_due(NOW + timedelta(hours=1))
    assert services.forget_abandoned(NOW + timedelta(days=30)) == 0
    assert services.forget_abandoned(NOW + timedelta(days=30, seconds=1)) == 1
    assert not BookingDraft.objects.exists()
    assert not default_storage.exists(gone.file.name)
    assert default_storage.exists(stays.file.name)
