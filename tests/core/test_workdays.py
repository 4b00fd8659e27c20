"""Due dates and working days, against a walk that goes day by day and knows nothing of running numbers."""

from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import workdays
from core.calendar_table import day_rows, estimated_exceptions, from_json, qingming, statutory_holidays
from core.errors import Refused
from core.models import CalendarDay, CalendarYear, User
from core.services_calendar import ensure_estimates, import_year

FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
SPANS = [5, 7, 15, 20]
DAY = timedelta(days=1)
FREE_IN_2027 = set(statutory_holidays(2027))
SPRING_2027 = {date(2027, 2, 5) + DAY * offset: ("holiday", "春节") for offset in range(8)}


@cache
def works(day: date) -> bool:
    """What the package says while it can; after it, the plain week and the law's holidays."""
    return chinese_calendar.is_workday(day) if day <= LAST else day.weekday() < 5 and day not in FREE_IN_2027


def walk(start: date, working_days: int, works) -> date:
    """The plain way: go on a day at a time until enough of them have worked."""
    day, left = start, working_days
    while left:
        day += DAY
        left -= works(day)
    return day


@pytest.fixture
def importer(db) -> User:
    return User.objects.create(username="importer", full_name="导入人", is_superuser=True)


# The published years


@pytest.mark.django_db
@pytest.mark.parametrize("span", SPANS)
def test_due_dates_agree_with_a_walk_for_every_start_of_the_published_years(span):
    starts = CalendarDay.objects.filter(date__range=(FIRST, LAST)).order_by("date")

    found = dict(workdays.with_due(starts, span).values_list("date", "due"))

    assert len(found) == (LAST - FIRST).days + 1
    assert {day: due for day, due in found.items() if due != walk(day, span, works)} == {}


@pytest.mark.django_db
@pytest.mark.parametrize("span", SPANS)
def test_a_later_start_is_never_due_earlier(span):
    starts = workdays.with_due(CalendarDay.objects.filter(date__lte=LAST).order_by("date"), span)
    dues = list(starts.values_list("due", flat=True))

    assert dues == sorted(dues)


@pytest.mark.django_db
def test_every_published_day_works_as_the_notice_says():
    table = dict(CalendarDay.objects.filter(date__lte=LAST).values_list("date", "is_working"))

    assert {day: works for day, works in table.items() if works != chinese_calendar.is_workday(day)} == {}
    assert len(table) == (LAST - FIRST).days + 1


@pytest.mark.django_db
def test_due_date_asks_the_database_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        found = workdays.due_date(date(2024, 9, 27), 5)

    assert found == workdays.DueDate(date(2024, 9, 27), 5, date(2024, 10, 10), provisional=False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "length", "due"),
    [
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # a make-up Saturday counts
        (date(2026, 2, 14), 1, date(2026, 2, 24)),  # over the whole of 春节
        (date(2026, 10, 3), 1, date(2026, 10, 8)),  # a start on a rest day counts the same way
        (date(2025, 9, 26), 20, date(2025, 10, 30)),  # 8 days of 国庆节 and 中秋节, two make-up days
    ],
)
def test_due_date_around_holidays(start, length, due):
    assert workdays.due_date(start, length).due == due


@pytest.mark.django_db
def test_due_moment_is_close_of_business_in_shanghai():
    due_at = workdays.due_date(date(2026, 3, 2), 5).due_at

    assert due_at == datetime(2026, 3, 9, 17, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


# Neighbours and differences


@pytest.mark.django_db
def test_working_days_and_their_neighbours(django_assert_num_queries):
    with django_assert_num_queries(5):
        assert workdays.is_working_day(date(2026, 2, 14)) is True
        assert workdays.is_working_day(date(2026, 2, 16)) is False
        assert workdays.next_working_day(date(2026, 2, 14)) == date(2026, 2, 24)
        assert workdays.next_working_day(date(2026, 2, 14), including=True) == date(2026, 2, 14)
        assert workdays.last_working_day(date(2026, 2, 23)) == date(2026, 2, 14)


@pytest.mark.django_db
@pytest.mark.parametrize("span", SPANS)
def test_days_between_a_start_and_its_due_day_are_the_period(span):
    start = date(2025, 9, 20)
    due = workdays.due_date(start, span).due

    assert workdays.working_days_between(start, due) == span
    assert workdays.working_days_between(due, start) == -span
    assert workdays.working_days_between(start, start) == 0


# Beyond the table


@pytest.mark.django_db
@pytest.mark.parametrize(
    "ask",
    [
        lambda: workdays.is_working_day(date(2029, 1, 1)),
        lambda: workdays.is_working_day(date(2003, 12, 31)),
        lambda: workdays.next_working_day(date(2028, 12, 31)),
        lambda: workdays.next_working_day(date(1999, 1, 1)),
        lambda: workdays.last_working_day(date(2029, 1, 1)),
        lambda: workdays.last_working_day(date(2004, 1, 1)),
        lambda: workdays.due_date(date(2028, 12, 20), 20),
        lambda: workdays.due_date(date(2031, 1, 1), 1),
        lambda: workdays.explain(date(2028, 12, 20), 20),
        lambda: workdays.working_days_between(date(2026, 1, 1), date(2029, 1, 1)),
    ],
)
def test_beyond_the_table_is_refused_never_guessed(ask):
    with pytest.raises(Refused) as refused:
        ask()

    assert refused.value.code == "calendar_missing"
    assert refused.value.message.endswith("。")


@pytest.mark.django_db
def test_refusal_beyond_the_table_names_the_year_to_import():
    with pytest.raises(Refused, match="导入 2029 年的放假安排"):
        workdays.due_date(date(2028, 12, 20), 20)


@pytest.mark.django_db
def test_an_empty_calendar_is_refused():
    CalendarDay.objects.all().delete()

    with pytest.raises(Refused, match="calendar_missing"):
        workdays.due_date(date(2026, 1, 1), 5)


@pytest.mark.django_db
@pytest.mark.parametrize("length", [0, -1, 2001, 10**30])
def test_a_length_out_of_range_is_refused(length):
    with pytest.raises(Refused, match="bad_length"):
        workdays.due_date(date(2026, 1, 5), length)


# Explanations


@pytest.mark.django_db
def test_explanation_gives_every_day_its_reason():
    found = workdays.explain(date(2024, 9, 27), 5)

    assert (found.due, found.provisional) == (date(2024, 10, 10), False)
    assert [day.date for day in found.days] == [date(2024, 9, 27) + DAY * offset for offset in range(1, 14)]
    assert [day.reason for day in found.days[:4]] == ["周末", "调休上班", "工作日", "国庆节"]
    assert [day.number for day in found.days if day.counted] == [1, 2, 3, 4, 5]
    assert found.sentences == (
        "自2024年9月27日（周五）起算，当日不计入（《民法典》第二百零一条）。",
        "其间休息日 8 天不计：9月28日 周末；10月1日至10月7日 国庆节。",
        "调休上班 1 天计入：9月29日 调休上班。",
        "第 5 个工作日为2024年10月10日（周四），期限于当日 17:30 届满（《民法典》第二百零三条）。",
    )


# A year's end before and after next year's notice


@pytest.mark.django_db
def test_a_period_into_an_unpublished_year_is_provisional():
    assert workdays.due_date(date(2026, 12, 24), 5).provisional is False
    assert workdays.due_date(date(2026, 12, 25), 5) == workdays.DueDate(
        date(2026, 12, 25), 5, date(2027, 1, 4), provisional=True
    )
    assert "暂定：2027 年的放假安排尚未公布" in workdays.explain(date(2026, 12, 25), 5).sentences[-1]


@pytest.mark.django_db
def test_the_notice_arrives_and_the_due_date_is_final_and_other(importer):
    new_year = {date(2027, 1, 1) + DAY * offset: ("holiday", "元旦") for offset in range(4)}

    import_year(year=2027, exceptions=new_year | SPRING_2027, document_number="国办发明电〔2026〕1号", actor=importer)

    assert workdays.due_date(date(2026, 12, 25), 5) == workdays.DueDate(
        date(2026, 12, 25), 5, date(2027, 1, 5), provisional=False
    )
    assert workdays.due_date(date(2027, 12, 31), 1).provisional is True


@pytest.mark.django_db
def test_start_day_of_an_estimated_year_does_not_make_a_published_period_provisional(importer):
    CalendarYear.objects.filter(year=2026, in_force=True).update(source="estimated")
    import_year(year=2027, exceptions=SPRING_2027, document_number="国办发明电〔2026〕1号", actor=importer)

    assert workdays.due_date(date(2026, 12, 31), 1).provisional is False
    assert workdays.due_date(date(2026, 12, 30), 2).provisional is True


@pytest.mark.django_db
def test_a_decree_in_the_middle_of_a_year_moves_later_dates_only(importer):
    before = {day: workdays.due_date(day, 5).due for day in (date(2026, 5, 20), date(2026, 7, 1))}
    decreed = from_json(CalendarYear.objects.get(year=2026, in_force=True).exceptions)
    decreed[date(2026, 7, 3)] = ("holiday", "纪念日")

    import_year(year=2026, exceptions=decreed, document_number="国办发明电〔2026〕2号", actor=importer)

    assert workdays.due_date(date(2026, 5, 20), 5).due == before[date(2026, 5, 20)]
    assert workdays.due_date(date(2026, 7, 1), 5).due == before[date(2026, 7, 1)] + DAY


# Estimates


@pytest.mark.django_db
def test_the_first_filling_is_official_to_2026_and_estimated_after():
    versions = dict(CalendarYear.objects.filter(in_force=True).values_list("year", "source"))

    assert versions == dict.fromkeys(range(2004, 2027), "official") | dict.fromkeys([2027, 2028], "estimated")


@pytest.mark.django_db
def test_estimates_reach_two_years_ahead_and_are_made_once(django_assert_num_queries):
    assert ensure_estimates(date(2026, 11, 24)) == []
    assert ensure_estimates(date(2028, 1, 1)) == [2029, 2030]
    with django_assert_num_queries(1):
        assert ensure_estimates(date(2028, 6, 1)) == []
    assert workdays.due_date(date(2030, 12, 2), 5).provisional is True
    assert_numbers_are_whole()


def test_statutory_holidays_are_the_thirteen_days_of_the_law():
    assert sorted(statutory_holidays(2026)) == [
        date(2026, 1, 1),
        *(date(2026, 2, number) for number in range(16, 20)),
        date(2026, 4, 5),
        date(2026, 5, 1),
        date(2026, 5, 2),
        date(2026, 6, 19),
        date(2026, 9, 25),
        *(date(2026, 10, number) for number in range(1, 4)),
    ]
    assert statutory_holidays(2028)[date(2028, 10, 3)] == "中秋节、国庆节"


@pytest.mark.parametrize("year", range(2025, 2027))
def test_the_notice_frees_every_statutory_holiday(year):
    assert all(not chinese_calendar.is_workday(day) for day in statutory_holidays(year))


def test_qingming_agrees_with_the_published_years():
    published = {day for day, name in chinese_calendar.holidays.items() if name == "Tomb-sweeping Day"}

    assert all(qingming(year) in published for year in range(2008, 2027))


# Properties, on one year's days without a database

YEAR_DAYS = [date(2026, 1, 1) + DAY * offset for offset in range(365)]
days_of_2026 = st.sampled_from(YEAR_DAYS)
weekdays_of_2026 = st.sampled_from([day for day in YEAR_DAYS if day.weekday() < 5])
weekends_of_2026 = st.sampled_from([day for day in YEAR_DAYS if day.weekday() >= 5])
calendars = st.builds(
    lambda free, makeup: dict.fromkeys(free, ("holiday", "假")) | dict.fromkeys(makeup, ("makeup", "")),
    st.sets(weekdays_of_2026, max_size=30),
    st.sets(weekends_of_2026, max_size=10),
)


def due_by_number(exceptions: dict, start: date, length: int) -> date:
    """The look-up by running number, over 2026 with these exceptions and an estimated 2027."""
    rows = day_rows(2026, exceptions, 0)
    rows += day_rows(2027, estimated_exceptions(2027), rows[-1]["working_days_to_date"])
    numbers = {row["date"]: row["working_days_to_date"] for row in rows}
    by_number = {row["working_days_to_date"]: row["date"] for row in rows if row["is_working"]}
    return by_number[numbers[start] + length]


@given(calendars, days_of_2026, st.integers(1, 40))
def test_the_due_day_works_and_agrees_with_a_walk(exceptions, start, length):
    rows = [*day_rows(2026, exceptions, 0), *day_rows(2027, estimated_exceptions(2027), 0)]
    works = {row["date"]: row["is_working"] for row in rows}
    due = due_by_number(exceptions, start, length)

    assert works[due]
    assert due == walk(start, length, works.__getitem__)


@given(calendars, days_of_2026, days_of_2026, st.integers(1, 40))
def test_in_any_calendar_a_later_start_is_never_due_earlier(exceptions, one, other, length):
    earlier, later = sorted([one, other])

    assert due_by_number(exceptions, earlier, length) <= due_by_number(exceptions, later, length)


@given(calendars, days_of_2026, st.integers(1, 40), days_of_2026)
def test_adding_a_holiday_never_moves_a_due_date_earlier(exceptions, start, length, day):
    more = exceptions | {day: ("holiday", "新增")}

    assert due_by_number(more, start, length) >= due_by_number(exceptions, start, length)


@given(calendars, days_of_2026, st.integers(1, 40), weekends_of_2026)
def test_adding_a_make_up_day_never_moves_a_due_date_later(exceptions, start, length, day):
    more = exceptions | {day: ("makeup", "")}

    assert due_by_number(more, start, length) <= due_by_number(exceptions, start, length)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(exceptions=calendars.filter(bool), start=days_of_2026, length=st.integers(1, 40))
def test_an_imported_calendar_is_looked_up_as_reckoned(importer, exceptions, start, length):
    """The same properties hold in the database, because its look-up gives the same day."""
    number = f"国办发明电〔2026〕{CalendarYear.objects.count()}号"
    import_year(year=2026, exceptions=exceptions, document_number=number, actor=importer)

    assert workdays.due_date(start, length).due == due_by_number(exceptions, start, length)
    assert_numbers_are_whole()


def assert_numbers_are_whole() -> None:
    """No day missing, and each running number the count of working days so far."""
    rows = list(CalendarDay.objects.order_by("date").values_list("date", "is_working", "working_days_to_date"))
    assert [day for day, _works, _number in rows] == [FIRST + DAY * offset for offset in range(len(rows))]
    count = 0
    for _day, works, number in rows:
        count += works
        assert number == count


# Around a day, and the hours in which people are told


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2026-09-30", ["09-28", "09-29", "09-30", "10-08", "10-09", "10-10"]),
        ("2026-10-03", ["09-28", "09-29", "09-30", "10-08", "10-09", "10-10"]),  # a holiday stands for the day before
    ],
)
def test_working_days_around_steps_over_holidays_and_takes_make_up_days(day, found):
    days = workdays.working_days_around(date.fromisoformat(day), range(-2, 4))
    assert [f"{days[offset]:%m-%d}" for offset in range(-2, 4)] == found


@pytest.mark.django_db
def test_working_days_around_beyond_the_calendar_is_refused():
    _first, last = workdays.calendar_span()
    for day, offset in ((last, 1), (last + DAY, 0)):
        with pytest.raises(Refused, match="calendar_missing"):
            workdays.working_days_around(day, [offset])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "office"),
    [
        ("2026-10-10T08:59", False),  # a Saturday that is worked
        ("2026-10-10T09:00", True),
        ("2026-10-10T17:29", True),
        ("2026-10-10T17:30", False),
        ("2026-10-11T10:00", False),
        ("2026-10-01T10:00", False),
    ],
)
def test_is_office_time_is_from_nine_to_close_of_business_of_a_working_day(moment, office):
    local = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    assert workdays.is_office_time(local) is office
