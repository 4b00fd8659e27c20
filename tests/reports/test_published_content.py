"""What everybody may be told of a quarter: sums, no small cell, no name. [5.4]"""

import json
from datetime import date
from typing import Any

import pytest
import time_machine

from appointments.models import Booking
from core import policy
from departments.models import Department
from reports.enums import ReportKind
from reports.figures import BY_KEY, Quarter, of_quarter
from reports.public_results import PUBLIC, RATINGS, areas, content_of, differences, grounds, history, is_withheld
from reports.services import approve_report, issue_report, make_report
from tests.conftest import Cast
from tests.factories import moment
from tests.reports.conftest import written
from tests.reports.random_quarters import fill
from tests.reports.results_steps import make
from tests.reports.test_drafting import found

pytestmark = [pytest.mark.clause("[5.4]"), pytest.mark.django_db]
THIRD = Quarter(2026, 3)
NOW = moment("2026-11-20 10:00")
SPLITS = ("refused_1", "refused_2", "refused_3", "refused_4", "refused_5")


def refusals(*counts: int) -> Any:
    whole = sum(counts)
    return found(refused=(whole, whole + 20), **dict(zip(SPLITS, ((one, whole) for one in counts), strict=True)))


@pytest.fixture
def filled(cast: Cast) -> None:
    fill(8, today=date(2026, 11, 20), by=cast.bureau_staff, sittings=40, every=12)


@pytest.mark.usefixtures("filled")
def test_figures_are_those_of_the_one_home_of_figures_and_only_those_that_may_be_public() -> None:
    told = content_of(THIRD, NOW)
    figures = of_quarter(THIRD, today=NOW.date())
    kept = {one["key"]: one for one in told["figures"]}
    assert set(kept) in (set(PUBLIC), set(PUBLIC) - set(RATINGS))
    for key, one in kept.items():
        assert one["clause"] == BY_KEY[key].clause
        assert one["meaning"] == BY_KEY[key].explanation
        assert one["value"] in (figures[key].value, "")
        assert (one["value"] == "") == is_withheld(figures[key])
    assert kept["received"]["value"] != "0"


@pytest.mark.usefixtures("filled")
def test_nothing_of_an_enterprise_a_demand_or_a_department_is_in_it() -> None:
    told = json.dumps(content_of(THIRD, NOW), ensure_ascii=False)
    bookings = Booking.objects.filter(sitting__day__gte=THIRD.first, sitting__day__lt=THIRD.after)
    columns = ("company_name", "credit_code", "reference", "title", "mobile")
    words = {word for row in bookings.values_list(*columns) for word in row if word}
    words |= set(Department.objects.values_list("name", flat=True))
    assert len(words) > 20
    assert not [word for word in words if word in told]


def test_areas_add_up_to_the_demands_consulted_about_and_show_no_small_cell(cast: Cast) -> None:
    fill(8, today=NOW.date(), by=cast.bureau_staff, sittings=60, every=2)
    told = areas(of_quarter(THIRD, today=NOW.date()))
    assert told is not None
    shown = [count for _name, count in told["cells"] if count is not None]
    assert shown
    assert min(shown) >= policy.RATINGS_IN_A_SUM_MIN
    assert sum(shown) <= told["whole"]
    assert len(shown) == len(told["cells"]) or told["whole"] - sum(shown) >= policy.RATINGS_IN_A_SUM_MIN


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        # Large enough, each of them.
        ((6, 7, 5, 0, 9), [6, 7, 5, 9]),
        # One small cell could be reckoned from the whole: the smallest of the others hides it.
        ((2, 7, 0, 0, 9), [None, None, 9]),
        # Small ones that hide each other.
        ((3, 3, 4, 0, 9), [None, None, None, 9]),
        # Nothing is left to hide behind, or nothing to show.
        ((2, 0, 0, 0, 9), None),
        ((1, 1, 0, 0, 0), None),
        ((0, 0, 0, 0, 0), None),
    ],
)
def test_grounds_with_few_refusals_are_not_told_apart(counts: tuple[int, ...], shown: list[int | None] | None) -> None:
    told = grounds(refusals(*counts))
    assert (told and [count for _name, count in told["cells"]]) == shown


def test_rate_on_fewer_than_five_enterprises_is_withheld_and_that_of_sittings_is_not() -> None:
    few = found(on_the_spot=(2, 4), refused=(1, 4), schedule_kept=(3, 4), numbers_used=(3, 4), received=3)
    assert {key for key in PUBLIC if is_withheld(few[key])} == {"on_the_spot", "refused"}
    assert history(few)[-1] == {"quarter": "2026年四季度", "solved": None, "all": 4}


def test_ratings_that_may_not_be_told_are_left_out_and_it_says_why(cast: Cast) -> None:
    told = content_of(THIRD, NOW)
    assert told["ratings"] is None
    assert not [one for one in told["figures"] if one["key"] in RATINGS]
    assert "不公布" in told["sentences"][-1]


@pytest.mark.usefixtures("filled")
def test_what_is_counted_on_the_day_of_the_bulletin_says_the_same(cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False):
        bulletin = make_report(kind=ReportKind.BULLETIN, year=2026, quarter=3, actor=cast.bureau_staff, now=NOW)
        bulletin = written(bulletin, cast)
        approve_report(report_id=bulletin.pk, revision=bulletin.revision, actor=cast.bureau_supervisor, now=NOW)
        issue_report(report_id=bulletin.pk, number="安政务〔2026〕9号", actor=cast.bureau_supervisor, now=NOW)
        results = make(cast, now=NOW)
    assert differences(2026, 3, results.content) == []
    changed = [one | {"value": "1.0%"} if one["key"] == "on_the_spot" else one for one in results.content["figures"]]
    assert [one.label for one in differences(2026, 3, {"figures": changed})] == ["现场解决率"]
