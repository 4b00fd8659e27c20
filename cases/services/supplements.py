"""What the enterprise adds to its case: kept while it is typed, sent once, told to the departments. [3.7]"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from cases import guards, notices, permissions
from cases.enums import AT_WORK
from cases.models import Case, CaseFile, CaseSupplement
from cases.selectors import parts_of, unsent_supplement
from core import audit, policy, secrets
from core.errors import AlreadyDone, Refused
from core.models import User
from core.selectors import ours
from core.transitions import lock
from core.uploads import file_kind, file_name

Uploads = Sequence[UploadedFile]
FORGOTTEN_AT_ONCE = 200
# What the desk writes down comes from no page of the enterprise's.
FROM_DESK = "desk"
# A slow line may bring what was saved in passing after what was sent.
LATE = timedelta(minutes=1)


def keep_unsent(*, case_id: int, text: str, uploads: Uploads = (), now: datetime) -> list[str]:
    """Keep what is typed and each file that can be kept; returns the sentences about those that cannot. [3.7]

    Words that were sent meanwhile, and arrive late, are nothing. Refuses `closed`.
    """
    with transaction.atomic():
        case = lock(Case, case_id)
        guards.check_can_add(case)
        if not uploads and _comes_late(case, text, now):
            return []
        unsent = _unsent(case)
        unsent.text, unsent.saved_at = _clip(text), now
        unsent.save(update_fields=["text", "saved_at"])
        return [problem for upload in uploads if (problem := _kept_or_why_not(unsent, upload, now))]


def add_to_case(*, case_id: int, text: str, uploads: Uploads = (), submission: str, now: datetime) -> CaseSupplement:
    """Send words, files or both to the departments that handle the demand; a second press sends nothing. [3.7]

    Refuses `already_done`, `closed`, `nothing_added`, `too_many`, `too_often`, and of files `too_many_files`,
    `file_empty`, `file_too_large`, `file_kind`.
    """
    kinds, text = [file_kind(upload) for upload in uploads], _clip(text).strip()
    with transaction.atomic():
        case = lock(Case, case_id)
        digest = submission_of(submission, text, uploads)
        _check_not_sent(case, digest)
        guards.check_can_add(case)
        guards.check_not_too_much(_added(case), now)
        unsent = _unsent(case)
        there = unsent.files.count()
        guards.check_adds_something(text, there + len(uploads))
        guards.check_room_for_files(there, len(uploads))
        for upload, kind in zip(uploads, kinds, strict=True):
            _keep(unsent, upload, kind, now)
        return _send(unsent, text, digest, now)


def write_down_for_enterprise(
    *, case_id: int, text: str, uploads: Uploads = (), actor: User, now: datetime
) -> CaseSupplement:
    """What the enterprise said on the phone or at the desk; it is told what was written down (帮办). [3.1] [3.7]

    What it has typed itself and not yet sent stays as it is. Needs appointments.book_at_desk and the case in view.
    Refuses `already_done` (the same words and files once more), `closed`, `nothing_added`, and of files
    `too_many_files`, `file_empty`, `file_too_large`, `file_kind`.
    """
    permissions.check_can_write_down(actor)
    kinds, text = [file_kind(upload) for upload in uploads], _clip(text).strip()
    with transaction.atomic():
        case = lock(Case, case_id)
        digest = submission_of(FROM_DESK, text, uploads)
        _check_not_sent(case, digest)
        guards.check_can_add(case)
        guards.check_adds_something(text, len(uploads))
        guards.check_room_for_files(0, len(uploads))
        added = CaseSupplement.objects.create(
            case=case,
            round=case.round,
            text=text,
            saved_at=now,
            added_at=now,
            added_by=actor,
            submission_digest=digest,
        )
        for upload, kind in zip(uploads, kinds, strict=True):
            _keep(added, upload, kind, now)
        _tell(added, actor)
        notices.written_down(added)
        return added


def remove_file(*, case_id: int, file_id: int) -> None:
    """Take a file back before sending. Refuses `closed`; a file already gone, or sent, is no error and stays so."""
    with transaction.atomic():
        guards.check_can_add(lock(Case, case_id))
        unsent = CaseFile.objects.filter(supplement__case_id=case_id, supplement__added_at__isnull=True)
        _delete(list(unsent.filter(pk=file_id)))


def forget_unsent(now: datetime) -> int:
    """Remove what was never sent, with its files, 30 days after the last keystroke (ours)."""
    limit = now - timedelta(days=ours(policy.DRAFT_KEPT_DAYS))
    old = CaseSupplement.objects.filter(added_at__isnull=True, saved_at__lt=limit)
    keys = list(old.values_list("case_id", flat=True)[:FORGOTTEN_AT_ONCE])
    return sum(_forget_one(key, limit) for key in sorted(keys))


def _forget_one(case_id: int, limit: datetime) -> bool:
    with transaction.atomic():
        unsent = unsent_supplement(lock(Case, case_id))
        if unsent is None or unsent.saved_at >= limit:
            return False
        _delete(list(unsent.files.all()))
        unsent.delete()
    return True


def submission_of(token: str, text: str, uploads: Uploads = ()) -> str:
    """Of one press: the page it came from and what was sent. Other words from the same page are another."""
    files = [f"{upload.name}:{upload.size}" for upload in uploads]
    return secrets.digest("\n".join([token, text, *files]))


def _check_not_sent(case: Case, digest: str) -> None:
    if was_sent(case, digest):
        raise AlreadyDone("already_done", _("此前已提交，无需重复操作。"))


def was_sent(case: Case, digest: str) -> bool:
    return case.supplements.filter(added_at__isnull=False, submission_digest=digest).exists()


def _comes_late(case: Case, text: str, now: datetime) -> bool:
    """Saved in passing while the same words, or more of them, were being sent."""
    just_now = case.supplements.filter(added_at__gt=now - LATE).order_by("added_at").last()
    return just_now is not None and just_now.text.startswith(text.strip())


def _added(case: Case) -> list[datetime]:
    """By the enterprise itself, in the present round."""
    sent = case.supplements.filter(added_at__isnull=False, added_by=None, round=case.round)
    moments = sent.values_list("added_at", flat=True)
    return [moment for moment in moments if moment is not None]


def _unsent(case: Case) -> CaseSupplement:
    """Under the case's lock."""
    return unsent_supplement(case) or CaseSupplement.objects.create(case=case, round=case.round)


def _send(unsent: CaseSupplement, text: str, digest: str, now: datetime) -> CaseSupplement:
    case = unsent.case
    unsent.text, unsent.round = text, case.round
    unsent.saved_at = unsent.added_at = now
    unsent.submission_digest = digest
    unsent.save(update_fields=["text", "round", "saved_at", "added_at", "submission_digest"])
    _tell(unsent, audit.HOLDER)
    return unsent


def _tell(added: CaseSupplement, actor: audit.Actor) -> None:
    audit.record("add_to_case", added.case, actor=actor, after=added.pk, clause="[3.7]")
    parts = parts_of(added.case)
    notices.supplemented(added, parts, bureau_too=not any(part.status in AT_WORK for part in parts))


def _kept_or_why_not(unsent: CaseSupplement, upload: UploadedFile, now: datetime) -> str:
    try:
        kind = file_kind(upload)
        guards.check_room_for_files(unsent.files.count(), 1)
    except Refused as refusal:
        return str(refusal.message)
    _keep(unsent, upload, kind, now)
    return ""


def _keep(unsent: CaseSupplement, upload: UploadedFile, kind: str, now: datetime) -> None:
    CaseFile.objects.create(
        supplement=unsent,
        name=file_name(upload),
        content_type=kind,
        size=upload.size or 0,
        file=upload,
        uploaded_at=now,
    )


def _delete(files: list[CaseFile]) -> None:
    for row in files:
        row.delete()
        transaction.on_commit(partial(row.file.delete, save=False))


def _clip(text: str) -> str:
    """Bounded, and without the NUL that a database refuses."""
    return text.replace("\x00", "")[: policy.REPLY_CHARACTERS_MAX]
