"""A quarter's results: counted, approved by another, published, frozen, withdrawn, made anew. [5.4]"""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from core.audit import subject_of
from core.errors import Refused
from core.models import AuditEntry
from notifications.models import Message
from reports.enums import ResultsStatus
from reports.models import PublishedFigures, PublishedResults
from reports.public_page import page_of
from reports.public_results import differences
from tests.conftest import Cast, make_person, unit_of_the_cast
from tests.factories import moment
from tests.reports.conftest import issued, material
from tests.reports.results_steps import (
    NOW,
    again,
    approve,
    bring_to,
    content,
    fresh,
    make,
    publish,
    send_back,
    withdraw,
)

pytestmark = [pytest.mark.clause("[5.4]"), pytest.mark.django_db, pytest.mark.usefixtures("counted")]
Counted = Callable[[int], None]


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=f"^{code}:")


def told(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=kind).values_list("recipient", flat=True))


def bulletin_that_says(cast: Cast, monkeypatch: pytest.MonkeyPatch, rate: str) -> None:
    """An issued bulletin of the same quarter, with one figure in its main table."""
    whole = material()
    table = {"section": "overall", "caption": "主要指标", "heads": ["指标", "2026年三季度"], "widths": [1, 1]}
    whole.figures["tables"].append(table | {"rows": [["现场解决率", rate], ["不予受理率", "1/3"], ["评价率", "—"]]})
    monkeypatch.setattr("reports.services.reports.material_of", lambda year, quarter, now: whole)
    issued(cast)


def test_published_it_stays_when_the_data_change(cast: Cast, counted: Counted) -> None:
    results = bring_to(ResultsStatus.PUBLISHED, cast)
    before = page_of(results)
    counted(99)
    with refused("not_a_draft"):
        again(results, cast)
    assert page_of(fresh(results)) == before
    assert (before.content, before.counted_at) == (content(12), NOW)


def test_what_was_published_is_read_even_if_the_row_says_otherwise(cast: Cast) -> None:
    results = bring_to(ResultsStatus.PUBLISHED, cast)
    PublishedResults.objects.filter(pk=results.pk).update(content={})
    assert page_of(fresh(results)).content == content(12)


def test_database_refuses_to_change_or_remove_what_was_published(cast: Cast) -> None:
    results = bring_to(ResultsStatus.PUBLISHED, cast)
    changes: list[Callable[[], Any]] = [
        lambda: PublishedFigures.objects.update(content={}),
        lambda: PublishedFigures.objects.all()._raw_delete("default"),
    ]
    withdraw(results, cast)
    changes += [
        lambda: PublishedResults.objects.filter(pk=results.pk).update(status=ResultsStatus.PUBLISHED),
        lambda: PublishedResults.objects.filter(pk=results.pk)._raw_delete("default"),
    ]
    for change in changes:
        with pytest.raises(DatabaseError, match=r"append-only|do not change"), transaction.atomic():
            change()


def test_counted_again_until_it_is_approved(cast: Cast, counted: Counted) -> None:
    results = make(cast)
    counted(13)
    again(results, cast)
    assert fresh(results).content == content(13)
    with refused("changed_meanwhile"):
        approve(results, cast, revision=0)
    approve(results, cast)
    publish(results, cast)
    assert PublishedFigures.objects.get().content == content(13)


@pytest.mark.parametrize("by_way_of", ["made", "counted again"])
def test_nobody_approves_what_they_counted(cast: Cast, by_way_of: str) -> None:
    results = make(cast, by="bureau_supervisor" if by_way_of == "made" else "bureau_staff")
    if by_way_of == "counted again":
        again(results, cast, by="bureau_supervisor")
    with pytest.raises(PermissionDenied):
        approve(results, cast)
    cast["other"] = make_person("other", cast.bureau_supervisor.membership.role, unit_of_the_cast("市政务服务局"))
    assert approve(results, cast, by="other").status == ResultsStatus.APPROVED


def test_database_refuses_an_approval_of_ones_own(cast: Cast) -> None:
    results = make(cast)
    with pytest.raises(IntegrityError, match="results_are_approved_by_another"), transaction.atomic():
        PublishedResults.objects.filter(pk=results.pk).update(
            status=ResultsStatus.APPROVED, approved_at=NOW, approved_by=cast.bureau_staff
        )


def test_quarter_that_is_not_over_is_neither_made_nor_published(cast: Cast) -> None:
    early = moment("2026-09-30 17:00")
    with refused("quarter_not_over"):
        make(cast, now=early)
    results = bring_to(ResultsStatus.APPROVED, cast)
    with refused("quarter_not_over"):
        publish(results, cast, now=early)
    assert not PublishedFigures.objects.exists()


def test_one_version_stands_and_a_withdrawn_one_makes_room(cast: Cast) -> None:
    first = bring_to(ResultsStatus.PUBLISHED, cast)
    with refused("already_made"):
        make(cast)
    withdraw(first, cast)
    second = bring_to(ResultsStatus.PUBLISHED, cast)
    assert (first.version, second.version) == (1, 2)
    assert str(second) == "2026年第三季度成效（第2版）"
    assert page_of(fresh(first)).content == content(12)


def test_what_agrees_with_the_bulletin_needs_no_reason(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    bulletin_that_says(cast, monkeypatch, "44.4%\n12/27")
    results = bring_to(ResultsStatus.PUBLISHED, cast)
    assert (results.status, results.differs_why) == ("published", "")
    assert differences(2026, 3, results.content) == []


def test_what_differs_from_the_bulletin_is_refused_without_a_reason(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    bulletin_that_says(cast, monkeypatch, "40.7%\n11/27")
    results = bring_to(ResultsStatus.APPROVED, cast)
    with pytest.raises(Refused) as refusal:
        publish(results, cast, why=" ")
    assert refusal.value.code == "differs_from_bulletin"
    assert "现场解决率 通报为 40.7% 11/27，此处为 44.4% 12/27" in refusal.value.message
    publish(results, cast, why="印发后更正了一件处理方式。")
    assert fresh(results).differs_why == "印发后更正了一件处理方式。"


def test_draft_bulletin_is_not_compared(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.reports.conftest.issue", lambda report, cast: report)
    bulletin_that_says(cast, monkeypatch, "40.7%\n11/27")
    assert differences(2026, 3, content(12)) == []


@pytest.mark.parametrize("verb", [send_back, withdraw])
def test_reason_is_needed(cast: Cast, verb: Any) -> None:
    results = bring_to(ResultsStatus.APPROVED, cast)
    with refused("no_reason"):
        verb(results, cast, reason=" ")


def test_sent_back_it_is_a_draft_again_and_who_made_it_is_told_why(cast: Cast) -> None:
    results = bring_to(ResultsStatus.APPROVED, cast)
    send_back(results, cast, reason="接诊数请核对。")
    assert (fresh(results).status, fresh(results).approved_by) == ("draft", None)
    assert told("results_sent_back") == {"bureau_staff"}
    assert "接诊数请核对。" in Message.objects.get(kind="results_sent_back").text


def test_publishing_and_withdrawing_are_told_to_who_spreads_the_word(cast: Cast) -> None:
    bring_to(ResultsStatus.WITHDRAWN, cast)
    everybody = {"bureau_staff", "bureau_supervisor", "leader"}
    everybody |= {"department_staff", "other_department_staff", "department_head"}
    assert told("results_published") == told("results_withdrawn") == everybody
    assert "接诊数有误。" in Message.objects.filter(kind="results_withdrawn").first().text  # type: ignore[union-attr]


def test_draft_that_was_never_public_is_withdrawn_in_silence(cast: Cast) -> None:
    withdraw(make(cast), cast)
    assert not Message.objects.filter(kind="results_withdrawn").exists()


def test_every_step_stands_in_the_audit_trail(cast: Cast) -> None:
    results = make(cast)
    again(results, cast)
    approve(results, cast)
    send_back(results, cast)
    approve(results, cast)
    publish(results, cast)
    withdraw(results, cast)
    steps = AuditEntry.objects.filter(subject=subject_of(results)).order_by("pk")
    assert list(steps.values_list("action", "clause")) == [
        (name, "[5.4]")
        for name in (
            *("make_results", "count_results_again", "approve_results", "send_back_results"),
            *("approve_results", "publish_results", "withdraw_results"),
        )
    ]
