"""Named reads of questions and frequent answers."""

from django.db.models import F, Prefetch, Q, QuerySet

from core import secrets
from core.models import User
from inquiries.enums import REPLIES, EntryKind
from inquiries.models import Entry, FrequentAnswer, Inquiry

EARLIER_SHOWN = 10
# Fewer than two characters find nearly everything; more than five words find nothing.
SEARCH_CHARACTERS_MIN = 2
SEARCH_CHARACTERS_MAX = 50
SEARCH_WORDS_MAX = 5


def inquiry_by_secret(secret: str) -> Inquiry | None:
    entries = Entry.objects.select_related("unit", "to_department")
    found = Inquiry.objects.select_related("area", "department", "booking", "obligation").prefetch_related(
        Prefetch("entries", entries)
    )
    return found.filter(link_digest=secrets.digest(secret)).first()


def inquiry_of_submission(submission: str) -> Inquiry | None:
    """The question that this submission asked before, for a retry after a lost answer."""
    return Inquiry.objects.filter(submission_digest=secrets.digest(submission)).first()


def entries_of(inquiry: Inquiry) -> list[Entry]:
    """What was said about it, in order."""
    return list(
        Entry.objects.filter(inquiry=inquiry)
        .select_related("unit", "to_department", "written_by")
        .order_by("written_at", "pk")
    )


def answers_to(inquiry: Inquiry) -> list[str]:
    """All that was answered, in order."""
    answers = Entry.objects.filter(inquiry=inquiry, kind__in=[EntryKind.ANSWER, EntryKind.CORRECTION]).order_by(
        "written_at", "pk"
    )
    return list(answers.values_list("text", flat=True))


def words_of_asker(inquiry: Inquiry) -> list[str]:
    """All that the asker wrote, in order: what a reply is to."""
    later = Entry.objects.filter(inquiry=inquiry).exclude(kind__in=REPLIES).order_by("written_at", "pk")
    return [inquiry.question, *later.values_list("text", flat=True)]


def earlier_of_same_mobile(inquiry: Inquiry, user: User) -> list[Inquiry]:
    """What the same mobile asked before or since, newest first, as far as this person may see it."""
    others = Inquiry.objects.visible_to(user).filter(mobile=inquiry.mobile).exclude(pk=inquiry.pk)
    return list(others.order_by("-asked_at")[:EARLIER_SHOWN])


def next_open(inquiry: Inquiry, user: User) -> Inquiry | None:
    """The next that waits after this one, and after the last the first again."""
    waiting = Inquiry.objects.visible_to(user).open().exclude(pk=inquiry.pk)
    later = Q(opened_at__gt=inquiry.opened_at) | Q(opened_at=inquiry.opened_at, pk__gt=inquiry.pk)
    return waiting.filter(later).first() or waiting.first()


def search_words(text: str) -> list[str]:
    """What is looked for: the words of a query that is long enough, else nothing."""
    text = text.strip()[:SEARCH_CHARACTERS_MAX]
    return text.split()[:SEARCH_WORDS_MAX] if len(text) >= SEARCH_CHARACTERS_MIN else []


def published_answers(words: list[str]) -> QuerySet[FrequentAnswer]:
    """Every word stands in the question or the answer. By substring: the same on both databases, as Chinese needs."""
    found = FrequentAnswer.objects.filter(is_published=True).select_related("area")
    for word in words:
        found = found.filter(Q(question__icontains=word) | Q(answer__icontains=word))
    return found.order_by(F("area__position"), "area", "position", "pk")
