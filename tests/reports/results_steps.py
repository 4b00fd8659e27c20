"""A quarter's published results brought to each status in the fewest words. [5.4]"""

from datetime import datetime
from typing import Any

from reports import services
from reports.enums import ResultsStatus
from reports.models import PublishedResults
from tests.conftest import Cast
from tests.factories import moment

YEAR, QUARTER = 2026, 3
NOW = moment("2026-10-26 10:00")
MAKER, CHIEF = "bureau_staff", "bureau_supervisor"


def figure(key: str, label: str, value: str, fraction: str = "") -> dict[str, Any]:
    told = {"key": key, "label": label, "value": value, "fraction": fraction}
    return told | {"clause": "[3.6]", "meaning": f"{label}的含义。", "word": "件"}


def content(solved: int = 12) -> dict[str, Any]:
    """As `public_results.content_of` gives it."""
    return {
        "figures": [
            figure("received", "接诊企业", "27"),
            figure("on_the_spot", "现场解决率", f"{solved / 27:.1%}", f"{solved}/27"),
            figure("refused", "不予受理率", ""),
        ],
        "sentences": [f"签办诉求27件，现场解决{solved}件，其余交办或者解释说明。"],
        "areas": {"cells": [["要素保障", 9], ["税务", 12], ["用工", None], ["法治", None]], "whole": 27},
        "grounds": None,
        "history": [
            {"quarter": "2025年三季度", "solved": None, "all": 3},
            {"quarter": "2025年四季度", "solved": None, "all": 0},
            {"quarter": "2026年三季度", "solved": solved, "all": 27},
        ],
        "ratings": {"satisfied": 11, "unsatisfied": 1, "silent": 8},
    }


def make(cast: Cast, *, by: str = MAKER, now: datetime = NOW, **wanted: Any) -> PublishedResults:
    return services.make_results(**{"year": YEAR, "quarter": QUARTER} | wanted, actor=cast[by], now=now)


def again(results: PublishedResults, cast: Cast, *, by: str = MAKER) -> PublishedResults:
    return services.count_results_again(results_id=results.pk, actor=cast[by], now=NOW)


def approve(
    results: PublishedResults, cast: Cast, *, by: str = CHIEF, revision: int | None = None
) -> PublishedResults:
    if revision is None:
        revision = fresh(results).revision
    return services.approve_results(results_id=results.pk, revision=revision, actor=cast[by], now=NOW)


def send_back(
    results: PublishedResults, cast: Cast, *, by: str = CHIEF, reason: str = "数据请核对。"
) -> PublishedResults:
    return services.send_back_results(results_id=results.pk, reason=reason, actor=cast[by], now=NOW)


def publish(
    results: PublishedResults, cast: Cast, *, by: str = CHIEF, why: str = "", now: datetime = NOW
) -> PublishedResults:
    return services.publish_results(results_id=results.pk, why=why, actor=cast[by], now=now)


def withdraw(
    results: PublishedResults, cast: Cast, *, by: str = CHIEF, reason: str = "接诊数有误。"
) -> PublishedResults:
    return services.withdraw_results(results_id=results.pk, reason=reason, actor=cast[by], now=NOW)


def fresh(results: PublishedResults) -> PublishedResults:
    return PublishedResults.objects.get(pk=results.pk)


def bring_to(status: str, cast: Cast, **wanted: Any) -> PublishedResults:
    results = make(cast, **wanted)
    if status != ResultsStatus.DRAFT:
        approve(results, cast)
    if status in (ResultsStatus.PUBLISHED, ResultsStatus.WITHDRAWN):
        publish(results, cast)
    if status == ResultsStatus.WITHDRAWN:
        withdraw(results, cast)
    return fresh(results)
