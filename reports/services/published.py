"""A quarter's results: counted, approved by another, published, withdrawn and made anew. [5.4]"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from core import audit
from core.constraints import last_line
from core.models import User
from core.transitions import lock, moving, start
from reports import guards, guards_published, moves, notices_published, permissions
from reports.enums import ResultsStatus
from reports.figures.quarter import Quarter
from reports.models import PublishedFigures, PublishedResults
from reports.public_results import content_of


@last_line
def make_results(*, year: int, quarter: int, actor: User, now: datetime) -> PublishedResults:
    """Count what may be published of a quarter that is over. [5.4]

    Refuses `quarter_not_over`, `already_made` (while a version stands).
    """
    permissions.check_can_make_results(actor)
    period = Quarter(year, quarter)
    guards_published.check_is_over(period, timezone.localdate(now))
    guards_published.check_none_stands(period)
    # Read before anything is locked: it takes as long as a quarter is large.
    content = content_of(period, now)
    with transaction.atomic():
        results = PublishedResults(year=year, quarter=quarter, content=content, made_at=now, made_by=actor)
        results.version = guards_published.versions_so_far(period) + 1
        made: PublishedResults = start(
            results, ResultsStatus.DRAFT, actor=actor, action="make_results", clause="[5.4]"
        )
    return made


def count_results_again(*, results_id: int, actor: User, now: datetime) -> PublishedResults:
    """As the data say now; who counted is who made them. [5.4]

    Refuses `gone`, `not_a_draft`.
    """
    permissions.check_can_make_results(actor)
    content = content_of(guards_published.period_of(results_id), now)
    with transaction.atomic():
        results = lock(PublishedResults, results_id)
        guards_published.check_is_draft(results)
        results.content, results.made_at, results.made_by = content, now, actor
        results.revision += 1
        results.save(update_fields=["content", "made_at", "made_by", "revision"])
        audit.record("count_results_again", results, actor=actor, clause="[5.4]")
    return results


def approve_results(*, results_id: int, revision: int, actor: User, now: datetime) -> PublishedResults:
    """What one person counted another approves, as they read it. [5.4]

    Refuses `changed_meanwhile`, `already_done`, `wrong_status`.
    """
    permissions.check_can_rule_on_results(actor)
    with moving(PublishedResults, results_id, moves.APPROVE_RESULTS, actor=actor) as results:
        permissions.check_can_approve_results(actor, results)
        guards_published.check_is_as_read(results, revision)
        results.approved_at, results.approved_by = now, actor
    return results


def send_back_results(*, results_id: int, reason: str, actor: User, now: datetime) -> PublishedResults:
    """Approved too early: a draft again, to be counted anew; who made it is told why. [5.4]

    Refuses `no_reason`, `already_done`, `wrong_status`.
    """
    permissions.check_can_rule_on_results(actor)
    guards.check_reason(reason)
    with moving(PublishedResults, results_id, moves.SEND_BACK_RESULTS, actor=actor, reason=reason) as results:
        results.approved_at, results.approved_by = None, None
        results.revision += 1
        notices_published.results_sent_back(results, reason.strip())
    return results


def publish_results(*, results_id: int, why: str = "", actor: User, now: datetime) -> PublishedResults:
    """On the window's pages from now on, as counted; what differs from an issued bulletin needs a reason. [5.4]

    Refuses `quarter_not_over`, `differs_from_bulletin`, `already_done`, `wrong_status`.
    """
    permissions.check_can_rule_on_results(actor)
    with moving(PublishedResults, results_id, moves.PUBLISH_RESULTS, actor=actor, reason=why.strip()) as results:
        guards_published.check_is_over(Quarter(results.year, results.quarter), timezone.localdate(now))
        differs = guards_published.check_agrees_with_bulletin(results, why)
        PublishedFigures.objects.create(results=results, content=results.content, counted_at=results.made_at)
        results.published_at, results.published_by = now, actor
        results.differs_why = why.strip() if differs else ""
        notices_published.results_published(results)
    return results


def withdraw_results(*, results_id: int, reason: str, actor: User, now: datetime) -> PublishedResults:
    """No longer on the pages, whose address says so; a new version may follow. What was published is kept. [5.4]

    Refuses `no_reason`, `already_done`.
    """
    permissions.check_can_rule_on_results(actor)
    guards.check_reason(reason)
    with moving(PublishedResults, results_id, moves.WITHDRAW_RESULTS, actor=actor, reason=reason) as results:
        results.withdrawn_at, results.withdrawn_by, results.withdrawn_reason = now, actor, reason.strip()
        if results.was_published:
            notices_published.results_withdrawn(results)
    return results
