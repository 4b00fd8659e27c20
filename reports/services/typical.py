"""Typical cases: chosen, rewritten, checked to name nobody, approved, published, taken down. [5.3] [5.4]"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case
from core import audit, search
from core.constraints import last_line
from core.models import User
from core.transitions import lock, moving, start
from reports import guards_typical as guards
from reports import moves, notices_typical
from reports import permissions_typical as permissions
from reports.enums import TYPICAL_PART, TypicalStatus
from reports.figures.quarter import Quarter
from reports.identifying import Finding
from reports.models import TypicalCase, TypicalNews
from reports.selectors_typical import News, findings_in, published_of, texts_of, unit_of, untold_news


@dataclass(frozen=True)
class Words:
    """What a person writes of a typical case."""

    title: str
    area: int | None
    department: int | None
    situation: str = ""
    handling: str = ""
    outcome: str = ""
    lessons: str = ""
    keywords: str = ""


@last_line
def choose_case(*, case_id: int, actor: User, now: datetime) -> TypicalCase:
    """Begin a typical case of a demand that was solved, or a new version of the one that is published. [5.3]

    Refuses `not_closed`, `not_solved`, `reopened`, `merged`, `looked_into`, `too_early` (it may still be rated),
    `already_chosen`, `gone`.
    """
    permissions.check_can_write(actor)
    with transaction.atomic():
        case = lock(Case, case_id)
        guards.check_can_be_chosen(case, timezone.localdate(now))
        quarter = Quarter.of(timezone.localdate(case.closed_at))
        typical = TypicalCase(case=case, title=case.booking.title, written_at=now, written_by=actor)
        typical.year, typical.quarter = quarter.year, quarter.number
        typical.area, typical.department = case.booking.demand_area, unit_of(case)
        if before := published_of(case.pk):
            _carry_over(before, typical)
        made: TypicalCase = start(typical, TypicalStatus.DRAFT, actor=actor, action="choose_typical", clause="[5.3]")
        made.writers.add(actor)
    return made


def _carry_over(before: TypicalCase, typical: TypicalCase) -> None:
    for name in (field.name for field in fields(Words)):
        setattr(typical, name, getattr(before, name))


def save_draft(*, typical_id: int, words: Words, revision: int, actor: User, now: datetime) -> TypicalCase:
    """Keep what was written, however much of it there is yet. Who was sent it back has answered thereby. [5.3]

    Refuses `not_a_draft`, `changed_meanwhile`, `no_title`, `too_long`, `too_many` (keywords), `unknown_area`,
    `unknown_department`.
    """
    permissions.check_can_write(actor)
    with transaction.atomic():
        typical = lock(TypicalCase, typical_id)
        guards.check_is_draft(typical)
        guards.check_revision(typical, revision)
        typical.title = guards.checked_title(words.title)
        typical.area = guards.checked_area(words.area)
        typical.department = guards.checked_department(words.department)
        for name in ("situation", "handling", "outcome", "lessons"):
            setattr(typical, name, guards.checked_words(name, getattr(words, name)))
        typical.keywords = guards.checked_keywords(words.keywords)
        typical.returned_at, typical.returned_by, typical.returned_reason = None, None, ""
        typical.revision += 1
        typical.save()
        typical.writers.add(actor)
        audit.record("save_typical", typical, actor=actor, clause="[5.3]")
    return typical


def check(*, typical_id: int, revision: int, confirmed: bool, reason: str, actor: User, now: datetime) -> TypicalCase:
    """The inspection office says that it names nobody; what the system finds for certain stands in the way. [5.4]

    Refuses `changed_meanwhile`, `not_suitable` (of what its enterprise said), `incomplete`, `identifies`,
    `not_confirmed` (the tick), `no_reason` (for what is doubtful), `already_done`.
    """
    permissions.check_can_check(actor)
    read, findings = _searched_through(typical_id)
    with moving(TypicalCase, typical_id, moves.CHECK_TYPICAL, actor=actor, reason=reason) as typical:
        permissions.check_did_not_write(actor, typical)
        guards.check_revision(typical, revision)
        guards.check_revision(typical, read)
        guards.check_was_not_complained_of(typical.case)
        guards.check_is_whole(typical)
        guards.check_names_nobody(findings)
        guards.check_was_judged(findings, confirmed, reason)
        typical.checked_at, typical.checked_by, typical.judged = now, actor, reason.strip()
        typical.returned_at, typical.returned_by, typical.returned_reason = None, None, ""
    return typical


def approve(*, typical_id: int, revision: int, actor: User, now: datetime) -> TypicalCase:
    """A third person approves what was checked; it is searched once more. [5.4]

    Refuses `changed_meanwhile`, `identifies`, `already_done`, `wrong_status` before it is checked.
    """
    permissions.check_can_publish(actor)
    read, findings = _searched_through(typical_id)
    with moving(TypicalCase, typical_id, moves.APPROVE_TYPICAL, actor=actor) as typical:
        permissions.check_can_approve(actor, typical)
        guards.check_revision(typical, revision)
        guards.check_revision(typical, read)
        guards.check_names_nobody(findings)
        typical.approved_at, typical.approved_by = now, actor
    return typical


@last_line
def publish(*, typical_id: int, actor: User, now: datetime) -> TypicalCase:
    """Put it on the site, where it can be found from now on; it takes the place of the version before it. [5.4]

    Refuses `identifies`, `not_closed`, `reopened`, `merged`, `looked_into` (of what has happened to the case since),
    `already_done`, `wrong_status` before it is approved.
    """
    permissions.check_can_publish(actor)
    read, findings = _searched_through(typical_id)
    with _with_its_case(typical_id), moving(TypicalCase, typical_id, moves.PUBLISH_TYPICAL, actor=actor) as typical:
        guards.check_revision(typical, read)
        guards.check_stands(typical.case)
        guards.check_names_nobody(findings)
        if before := published_of(typical.case_id):
            _take_down(before.pk, _("已由新的一版替换。"), actor, now)
        typical.published_at, typical.published_by = now, actor
        search.write(typical.pk, {TYPICAL_PART: _searched(typical)})
        notices_typical.typical_published(typical)
    return typical


def _searched_through(typical_id: int) -> tuple[int | None, list[Finding]]:
    """What in the text tells whose it is, and of which revision: asked before anything is locked, since it is compared
    with the name of every enterprise. Under the lock it is asked that it is still that revision.
    """
    rows = TypicalCase.objects.select_related("case__booking__enterprise")
    typical = rows.filter(pk=typical_id).first()
    return (typical.revision, findings_in(typical)) if typical else (None, [])


@contextmanager
def _with_its_case(typical_id: int) -> Iterator[Case]:
    """Nothing happens to the case meanwhile: it is reopened, merged and looked into under its lock. Refuses `gone`."""
    with transaction.atomic():
        case_id = TypicalCase.objects.filter(pk=typical_id).values_list("case", flat=True).first()
        yield lock(Case, case_id)


def withdraw(*, typical_id: int, reason: str, actor: User, now: datetime) -> TypicalCase:
    """Take it down at once, or give up one that nobody wants. It stays on record, and does not come back. [5.4]

    Refuses `no_reason`, `already_done`.
    """
    permissions.check_can_take_back(actor)
    guards.check_reason(reason)
    return _take_down(typical_id, reason, actor, now)


def _take_down(typical_id: int, reason: str, actor: User, now: datetime) -> TypicalCase:
    with moving(TypicalCase, typical_id, moves.WITHDRAW_TYPICAL, actor=actor, reason=reason) as typical:
        typical.withdrawn_at, typical.withdrawn_by, typical.withdrawn_reason = now, actor, reason.strip()
        if typical.published_at:
            search.write(typical.pk, {TYPICAL_PART: []})
        notices_typical.typical_withdrawn(typical)
    return typical


def send_back(*, typical_id: int, reason: str, actor: User, now: datetime) -> TypicalCase:
    """Back to its writers, with what is to be changed; it is checked and approved anew. [5.4]

    Refuses `no_reason`, `wrong_status` once it is published.
    """
    permissions.check_can_take_back(actor)
    guards.check_reason(reason)
    with moving(TypicalCase, typical_id, moves.SEND_BACK_TYPICAL, actor=actor, reason=reason) as typical:
        typical.checked_at, typical.checked_by, typical.judged = None, None, ""
        typical.approved_at, typical.approved_by = None, None
        typical.returned_at, typical.returned_by, typical.returned_reason = now, actor, reason.strip()
        typical.revision += 1
        notices_typical.typical_sent_back(typical)
    return typical


def tell_news(now: datetime) -> int:
    """What came to the cases of published typical cases is told, each once, to who can take them down. [5.4]"""
    return sum(_tell(news, now) for news in untold_news())


def _tell(news: News, now: datetime) -> bool:
    with transaction.atomic():
        typical = lock(TypicalCase, news.typical)
        known = {"typical": typical, "kind": news.kind, "row": news.row}
        if typical.status != TypicalStatus.PUBLISHED or TypicalNews.objects.filter(**known).exists():
            return False
        notices_typical.typical_news(TypicalNews.objects.create(**known, told_at=now))
    return True


def _searched(typical: TypicalCase) -> list[str]:
    return [*texts_of(typical).values(), str(typical.area), str(typical.department)]
