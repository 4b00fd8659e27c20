"""What the figures of a quarter give a bulletin: sentences, tables, charts, lines. [3.10]"""

import re
from datetime import date
from typing import Any

import pytest

from cases.models import Case
from evaluations.selectors_sums import Sum
from reports.drafting import MAIN, cases_of, main_table, material_of, tables_of
from reports.figures import BY_KEY, Count, Figure, Filters, Quarter, QuarterFigures
from reports.rating_sums import RatingSums, Told, rating_sums, table_of_ratings
from reports.sentences import Says, demands, problems, said_change, texts_of
from sessions_app.models import Sitting
from tests.appointments.conftest import OPENS, accept, confirm, take
from tests.cases.conftest import DAY, LEAD, OTHER, close_at_once, hand_over
from tests.conftest import Cast
from tests.factories import department, make_sitting, moment

pytestmark = [pytest.mark.clause("[3.10]"), pytest.mark.django_db]
FOURTH = Quarter(2026, 4)
AFTER = moment("2027-01-20 10:00")


def found(**counts: Any) -> QuarterFigures:
    """Figures of one's own choice: `solved=(12, 13)`, or with the quarter before `solved=((12, 13), (9, 10))`."""
    figures = {}
    for key, definition in BY_KEY.items():
        now, before = _pair(counts.get(key, 0))
        history = (Count(0, _none(now)), Count(0, _none(now)), Count(0, _none(now)), before, now)
        figures[key] = Figure(definition, history)
    return QuarterFigures(FOURTH, Filters(), figures, (), AFTER.date(), {})


NOTHING = RatingSums(dict.fromkeys((-1, -2, 0), Told.WHOLE), [], None)


def told_of(figures: QuarterFigures) -> dict[str, str]:
    return texts_of(figures, Told.WHOLE)


def _pair(given: Any) -> tuple[Count, Count]:
    if isinstance(given, tuple) and isinstance(given[0], tuple):
        return Count(*given[0]), Count(*given[1])
    count = Count(*given) if isinstance(given, tuple) else Count(given)
    return count, Count(0, _none(count))


def _none(count: Count) -> int | None:
    return None if count.denominator is None else 0


@pytest.fixture
def seen(db: None, cast: Cast) -> list[Case]:
    """One demand handed over to two departments, one solved at the table."""
    sitting: Sitting = make_sitting(DAY, published=True, opens_at=OPENS)
    first, second = (accept(confirm(take(sitting, serial)), cast.bureau_staff) for serial in (1, 2))
    return [hand_over(first, cast.department_head, assisting=(OTHER,)), close_at_once(second, cast.department_head)]


def test_every_rate_of_a_sentence_says_its_numerator_and_denominator() -> None:
    texts = told_of(found(feedback_on_time=(11, 12), feedback_on_time_original=(10, 12), on_the_spot=(9, 25)))
    assert "按期率91.7%（11/12）" in texts["handling"]
    assert "按最初期限计83.3%（10/12）" in texts["handling"]
    assert "现场解决率36.0%（9/25）" in texts["overall"]


def test_rate_on_fewer_than_five_says_so() -> None:
    assert "日程落实率3/4（基数不足5）" in told_of(found(schedule_kept=(3, 4)))["overall"]


@pytest.mark.parametrize(
    ("key", "now", "before", "words"),
    [
        ("on_the_spot", (9, 20), (8, 20), "上升5.0个百分点"),
        ("on_the_spot", (7, 20), (8, 20), "下降5.0个百分点"),
        ("on_the_spot", (8, 20), (8, 20), "持平"),
        ("received", (12,), (9,), "增加3家次"),
        ("closed", (5,), (9,), "减少4件"),
    ],
)
def test_change_is_said_in_words(key: str, now: tuple[int, ...], before: tuple[int, ...], words: str) -> None:
    assert said_change(found(**{key: (now, before)})[key]) == words


def test_what_cannot_be_compared_is_not_compared() -> None:
    assert Says(found(on_the_spot=((9, 20), (1, 2)))).moved("on_the_spot") == ""


def test_paragraphs_are_numbered_by_the_levels_of_documents() -> None:
    texts = told_of(found())
    assert [line[:3] for line in texts["overall"].splitlines()] == ["（一）", "（二）", "（三）"]
    assert "（2026年10月1日至2026年12月31日）" in texts["opening"]


def test_problems_are_those_that_the_figures_show() -> None:
    told = problems(
        Says(found(schedule_kept=(5, 6), numbers_used=(20, 30), feedback_on_time_original=(10, 12), long_term=(1, 9)))
    )
    assert [line[:8] for line in told] == [
        "坐诊日程没有全部",
        "号源使用不够充分",
        "有2项办理情况没",
        "有1件列入长期推",
    ]
    assert problems(Says(found())) == ["从数据看，本季度各环节均按要求完成。"]
    assert len(demands(Says(found()))) == 2


@pytest.mark.clause("[5.2]")
def test_of_ratings_nothing_is_told_that_their_sums_may_not_tell() -> None:
    """Neither the figure nor what it could be reckoned from, of this quarter and of those beside it."""
    figures = found(rated=(4, 20), satisfied=(3, 4), satisfied_with_silence=(19, 20))
    few = RatingSums({-1: Told.TOO_FEW, -2: Told.WHOLE, 0: Told.STILL_OPEN}, [], None)
    rows = {row[0]: row[1:] for row in main_table(figures, few)["rows"]}
    for key in ("rated", "satisfied", "satisfied_with_silence"):
        this, before, year_before, change = rows[str(BY_KEY[key].label)]
        assert (this, year_before, change) == ("—", "—", "—")
        assert before == BY_KEY[key].value_of(figures[key].before)
    text = texts_of(figures, Told.TOO_FEW)["rating"]
    assert "不单列评价数据" in text
    assert not {"4", "3", "19", "20"} & set(re.findall(r"\d+", text))
    assert "尚未届满" in texts_of(figures, Told.STILL_OPEN)["rating"]


@pytest.mark.clause("[3.8]")
def test_three_figures_of_ratings_stand_together() -> None:
    text = texts_of(found(rated=(10, 20), satisfied=(8, 10), satisfied_with_silence=(18, 20)), Told.WHOLE)["rating"]
    for said in ("50.0%（10/20）", "80.0%（8/10）", "90.0%（18/20）"):
        assert said in text


@pytest.mark.clause("[5.2]")
def test_table_of_ratings_is_the_protected_one(monkeypatch: pytest.MonkeyPatch) -> None:
    units = [("市税务局", Sum(6, 5, 6)), ("市统计局", None)]
    monkeypatch.setattr("reports.rating_sums.table_of", lambda quarter: (units, Sum(12, 10, 11)))
    sums = rating_sums(found(), AFTER.date())
    table = table_of_ratings(sums)
    assert table is not None
    assert table["rows"] == [
        ["市税务局", "6", "5/6", "6/6"],
        ["市统计局", "—", "—", "—"],
        ["合计", "12", "10/12", "11/12"],
    ]
    assert set(sums.told.values()) == {Told.WHOLE}


@pytest.mark.clause("[5.2]")
def test_ratings_of_a_quarter_that_is_still_open_are_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.rating_sums.table_of", lambda quarter: ([("市税务局", Sum(9, 9, 9))], Sum(9, 9, 9)))
    sums = rating_sums(found(), date(2026, 12, 31))
    assert sums.told == {-1: Told.STILL_OPEN, -2: Told.WHOLE, 0: Told.WHOLE}
    assert table_of_ratings(sums) is None


def test_tables_have_a_cell_for_each_head(seen: list[Case]) -> None:
    made = material_of(2026, 4, AFTER)
    assert [table["caption"] for table in made.figures["tables"]][:2] == ["主要指标", "各部门办理情况"]
    for table in made.figures["tables"]:
        assert {len(row) for row in table["rows"]} == {len(table["heads"])} == {len(table["widths"])}
        assert all(isinstance(cell, str) for row in table["rows"] for cell in row)


def test_tables_by_unit_hold_no_rating_and_no_follow_up(seen: list[Case]) -> None:
    heads = {head for table in list(material_of(2026, 4, AFTER).figures["tables"])[1:] for head in table["heads"]}
    guarded = {str(definition.label) for definition in BY_KEY.values() if definition.is_guarded}
    assert not heads & guarded


def test_lines_are_the_cases_that_the_figures_count(seen: list[Case]) -> None:
    made = material_of(2026, 4, AFTER)
    assert [row["cells"][0] for row in made.cases] == sorted(case.reference for case in seen)
    assert len(made.cases) == 2
    assert "签办诉求2件" in made.texts["overall"]
    joint = next(row for row in made.cases if row["cells"][0] == seen[0].reference)
    assert joint["departments"] == sorted(department(name).pk for name in (LEAD, OTHER))
    assert joint["cells"][4] == f"{LEAD}、{OTHER}"
    assert all(len(row["cells"]) == len(made.figures["case_heads"]) for row in made.cases)


def test_lines_hold_no_contact_data(seen: list[Case]) -> None:
    lines = str(material_of(2026, 4, AFTER).cases)
    for case in seen:
        assert case.booking.mobile not in lines
        assert case.booking.representative_name not in lines


def test_another_quarter_has_none_of_them(seen: list[Case]) -> None:
    assert material_of(2026, 3, AFTER).cases == []


@pytest.mark.parametrize("cases", [1, 3])
def test_lines_are_read_in_a_fixed_number_of_queries(
    db: None, cast: Cast, cases: int, django_assert_num_queries: Any
) -> None:
    sitting = make_sitting(DAY, published=True, opens_at=OPENS)
    for serial in range(1, cases + 1):
        hand_over(accept(confirm(take(sitting, serial)), cast.bureau_staff), cast.department_head)
    with django_assert_num_queries(5):
        assert len(list(cases_of(FOURTH, AFTER))) == cases


def test_charts_come_as_pictures_with_their_words(seen: list[Case]) -> None:
    charts = material_of(2026, 4, AFTER).figures["charts"]
    assert charts
    assert all(chart["png"].startswith("iVBOR") and chart["about"] and chart["caption"] for chart in charts)


def test_main_table_stands_beside_the_quarter_before_and_the_year_before() -> None:
    table = main_table(found(received=12), NOTHING)
    assert table["heads"][1:4] == ["2026年四季度", "2026年三季度", "2025年四季度"]
    assert len(table["rows"]) == len([key for key in MAIN if key in BY_KEY])
    assert next(tables_of(found(), NOTHING))["caption"] == "主要指标"
