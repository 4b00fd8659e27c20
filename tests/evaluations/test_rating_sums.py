"""What departments are shown of ratings, and that nobody can reckon what is withheld. [3.8] [5.2]"""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import assume, example, given
from hypothesis import strategies as st

from appointments.models import Booking
from cases.models import Case, Closing
from core import policy
from evaluations import selectors_sums
from evaluations.models import Invitation, Rating
from evaluations.selectors_sums import (
    Line,
    Quarter,
    Sum,
    closed_quarters,
    lines_of,
    protect,
    quarters_to_show,
    table_of,
)
from tests.factories import department, moment

pytestmark = [pytest.mark.clause("[3.8]"), pytest.mark.clause("[5.2]")]
LEAST = policy.RATINGS_IN_A_SUM_MIN
Counts = tuple[int, ...]
Seen = tuple[tuple[int | None, ...], int | None]


@st.composite
def sums(draw: Any, counts: st.SearchStrategy[int]) -> Sum:
    count = draw(counts)
    return Sum(count, draw(st.integers(0, count)), draw(st.integers(0, count)))


def tables_of(cells: st.SearchStrategy[Sum]) -> st.SearchStrategy[dict[int, Sum]]:
    return st.lists(cells, min_size=1, max_size=8).map(lambda made: dict(enumerate(made)))


tables = tables_of(sums(st.integers(0, 12) | st.integers(0, 4)))
# Nothing, or enough to be told.
tables_without_small_cells = tables_of(sums(st.just(0) | st.integers(LEAST, 12)))


def given_only(counts: Counts) -> dict[int, Sum]:
    return {place: Sum(count) for place, count in enumerate(counts)}


def seen_of(cells: dict[int, Sum]) -> Seen:
    """The page's counts as its readers see them."""
    table = protect(cells)
    counts = tuple(cell.given if cell else None for _place, cell in sorted(table.cells.items()))
    return counts, table.total.given if table.total else None


def seen(counts: Counts) -> Seen:
    return seen_of(given_only(counts))


def neighbours(cells: dict[int, Sum], key: int, hidden: list[int]) -> Iterator[dict[int, Sum]]:
    """Tables with another figure in this cell and in one other that is withheld, and the same sum."""
    for other in hidden:
        together = cells[key].given + cells[other].given
        for count in range(together + 1) if other != key else ():
            yield cells | {key: Sum(count), other: Sum(together - count)}


class TestProtect:
    @given(tables)
    def test_what_is_shown_is_true_and_never_small(self, cells: dict[int, Sum]) -> None:
        table = protect(cells)
        assert table.cells.keys() == cells.keys()
        for key, cell in table.cells.items():
            assert cell is None or (cell == cells[key] and cell.given >= LEAST)
        assert table.total is None or (table.total == sum(cells.values(), Sum()) and table.total.given >= LEAST)

    @given(tables)
    def test_each_small_cell_hides_among_enough_others(self, cells: dict[int, Sum]) -> None:
        """By subtraction from the sum nothing follows of it but what at least five other ratings share."""
        table = protect(cells)
        assume(table.total is not None)
        shown = sum((cell for cell in table.cells.values() if cell), Sum())
        left = sum(cells.values(), Sum()).given - shown.given
        for key, cell in table.cells.items():
            if cell is None and 0 < cells[key].given < LEAST:
                assert left - cells[key].given >= LEAST

    @given(tables)
    def test_a_withheld_cell_could_be_another(self, cells: dict[int, Sum]) -> None:
        """Some other table looks the same and has another figure there: for more units than can be tried one by one,
        the figures of two withheld cells are shared out otherwise.
        """
        looks = seen_of(cells)
        hidden = [key for key in cells if looks[0][key] is None]
        if looks[1] is None:
            return
        for key in hidden:
            assert not cells[key].given or any(
                seen_of(other) == looks and other[key].given != cells[key].given
                for other in neighbours(cells, key, hidden)
            )

    @given(tables_without_small_cells)
    @example({0: Sum(5, 5, 5), 1: Sum(5, 0, 0)})
    def test_without_small_cells_nothing_is_withheld(self, cells: dict[int, Sum]) -> None:
        table = protect(cells)
        assert [key for key, cell in table.cells.items() if cell is None and cells[key].given] == []

    @given(tables, st.randoms())
    def test_order_of_the_units_means_nothing(self, cells: dict[int, Sum], chance: Any) -> None:
        shuffled = list(cells.items())
        chance.shuffle(shuffled)
        assert protect(dict(shuffled)).cells == protect(cells).cells

    @pytest.mark.parametrize(("units", "most"), [(2, 24), (3, 16), (4, 12)])
    def test_even_who_knows_the_rules_cannot_reckon_back(self, units: int, most: int) -> None:
        """Every table there is of so many units: readers who know how it was made, and see all of it, are left with
        at least two values for each cell that was withheld and had a rating.
        """
        made: dict[Seen, list[Counts]] = defaultdict(list)
        for counts in itertools.product(range(most + 1), repeat=units):
            made[seen(counts)].append(counts)
        exact = []
        for (cells, total), sources in made.items():
            if any(max(source) == most for source in sources):
                continue  # at the edge of what was tried, others would give the same
            for place in (place for place, cell in enumerate(cells) if cell is None):
                values = {source[place] for source in sources}
                if len(values) == 1 and values != {0}:
                    exact.append((cells, total, sources))
        assert exact == []

    @pytest.mark.parametrize(
        ("counts", "expected"),
        [
            ((20,), ((20,), 20)),
            ((4,), ((None,), None)),
            ((20, 6), ((20, 6), 26)),
            ((20, 6, 0), ((20, 6, None), 26)),
            # One small one: the next smallest covers it.
            ((20, 9, 1), ((20, None, None), 30)),
            # They cover each other.
            ((20, 4, 4, 3), ((20, None, None, None), 31)),
            ((20, 3, 2), ((None, None, None), 25)),
            # Equals go together; and four times four is sixteen, whoever withholds it.
            ((9, 9, 1), ((None, None, None), 19)),
            ((20, 4, 4, 4), ((None, None, None, None), 32)),
            # Nothing covers them: not even the sum.
            ((4, 4), ((None, None), None)),
            ((3, 1), ((None, None), None)),
        ],
    )
    def test_examples(self, counts: Counts, expected: Seen) -> None:
        assert seen(counts) == expected

    def test_control_without_cover_a_small_cell_is_reckoned(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """That the tests above can fail."""
        monkeypatch.setattr(selectors_sums, "_covered", lambda cells, withheld: True)
        with pytest.raises(AssertionError):
            self.test_even_who_knows_the_rules_cannot_reckon_back(2, 24)


@pytest.mark.parametrize(
    ("day", "year", "number", "first"),
    [
        (date(2026, 1, 1), 2026, 1, date(2026, 1, 1)),
        (date(2026, 6, 30), 2026, 2, date(2026, 4, 1)),
        (date(2026, 12, 31), 2026, 4, date(2026, 10, 1)),
    ],
)
def test_quarters(day: date, year: int, number: int, first: date) -> None:
    quarter = Quarter.of(day)
    assert (quarter, quarter.first_day) == (Quarter(year, number), first)
    assert quarter.before().after() == quarter == quarter.after().before()


class TestReads:
    """Rounds past the verbs, in 2026: only who, when and how are read."""

    @pytest.fixture(autouse=True)
    def case(self, closed: Case) -> None:
        self.template = closed
        self.serial = 0
        Closing.objects.update(taken_up_at=timezone.now(), closed_at=moment("2025-01-10 10:00"))

    def round(self, unit: str, day: str, *, satisfied: bool | None = True, late: bool = False) -> Case:
        self.serial += 1
        booking = Booking.objects.get(pk=self.template.booking_id)
        booking.pk = None
        booking.reference = f"26-01-{self.serial:05d}"
        for column in ("link_seed", "ticket_digest", "checkin_digest", "submission_digest"):
            setattr(booking, column, f"{self.serial:032x}")
        booking.slot, booking.session, booking.meet_at, booking.status = None, None, None, "not_seen"
        booking.save()
        at = moment(f"{day} 10:00")
        case = Case.objects.create(
            booking=booking, status="closed", outcome="solved", result="solved", answer="。", points="",
            start=at.date(), closed_at=at, opened_at=at,
        )  # fmt: skip
        Invitation.objects.create(
            case=case, round=1, closed_at=at, silent_on=at.date() + timedelta(15), unit=department(unit),
            digest=str(self.serial),
        )  # fmt: skip
        if satisfied is not None:
            Rating.objects.create(case=case, round=1, consultation=True, handling=satisfied, is_late=late, rated_at=at)
        return case

    def lines(self, unit: str, today: str) -> dict[Quarter, Line]:
        return {line.quarter: line for line in lines_of(department(unit), date.fromisoformat(today))}

    def test_a_closed_quarter_by_the_unit_that_answers(self) -> None:
        for number in range(6):
            self.round("市税务局", "2026-07-01", satisfied=number > 1)
            self.round("市统计局", "2026-09-30")
        line = self.lines("市税务局", "2026-10-16")[Quarter(2026, 3)]
        assert (line.own, line.city) == (Sum(6, 6, 4), Sum(12, 12, 10))
        rows, city = table_of(Quarter(2026, 3))
        assert dict(rows) == {department("市税务局"): Sum(6, 6, 4), department("市统计局"): Sum(6, 6, 6)}
        assert city == Sum(12, 12, 10)

    def test_boundaries_are_of_the_city_s_clocks(self) -> None:
        for day in ("2026-06-30", "2026-07-01", "2026-09-30", "2026-10-01"):
            for _number in range(5):
                self.round("市税务局", day)
        lines = self.lines("市税务局", "2027-01-17")
        assert [lines[Quarter(2026, number)].own for number in (2, 3, 4)] == [
            Sum(5, 5, 5),
            Sum(10, 10, 10),
            Sum(5, 5, 5),
        ]

    def test_nothing_of_a_quarter_in_which_somebody_can_still_rate_in_time(self) -> None:
        for _number in range(5):
            self.round("市税务局", "2026-09-30")
        assert Quarter(2026, 3) not in self.lines("市税务局", "2026-10-15")
        assert self.lines("市税务局", "2026-10-16")[Quarter(2026, 3)].own == Sum(5, 5, 5)

    def test_nothing_of_a_quarter_with_a_round_that_nobody_was_asked_about(self) -> None:
        case = self.round("市税务局", "2026-09-01")
        Closing.objects.create(
            case=case, round=1, start=case.start, result="solved", answer="。", closed_at=case.closed_at
        )
        assert Quarter(2026, 3) not in self.lines("市税务局", "2026-11-01")

    def test_late_ratings_and_silence_are_left_out(self) -> None:
        for _number in range(5):
            self.round("市税务局", "2026-09-01")
            self.round("市税务局", "2026-09-01", satisfied=False, late=True)
            self.round("市税务局", "2026-09-01", satisfied=None)
        assert self.lines("市税务局", "2026-11-01")[Quarter(2026, 3)].own == Sum(5, 5, 5)

    def test_each_round_of_a_case_once(self) -> None:
        case = self.round("市税务局", "2026-08-01", satisfied=False)
        at = moment("2026-09-20 10:00")
        Invitation.objects.create(
            case=case, round=2, closed_at=at, silent_on=date(2026, 10, 5), unit=department("市税务局"), digest="x"
        )
        Rating.objects.create(case=case, round=2, consultation=True, handling=True, is_late=False, rated_at=at)
        for _number in range(4):
            self.round("市税务局", "2026-09-01")
        assert self.lines("市税务局", "2026-11-01")[Quarter(2026, 3)].own == Sum(6, 6, 5)

    def test_four_are_withheld(self) -> None:
        for _number in range(4):
            self.round("市税务局", "2026-09-01")
        line = self.lines("市税务局", "2026-11-01")[Quarter(2026, 3)]
        assert (line.own, line.city) == (None, None)

    def test_costs_the_same_however_many_there_are(self, django_assert_num_queries: Any) -> None:
        unit = department("市税务局")
        for count in (1, 3):
            for _number in range(count):
                self.round("市税务局", "2026-09-01")
            with django_assert_num_queries(4):
                lines_of(unit, date(2026, 11, 1))

    def test_shows_no_quarter_before_anybody_was_first_asked(self) -> None:
        today = date(2026, 11, 1)
        assert quarters_to_show(today) == [Quarter(2026, 3)]
        self.round("市税务局", "2026-03-02")
        assert quarters_to_show(today) == [Quarter(2026, 3), Quarter(2026, 2), Quarter(2026, 1)]

    def test_shows_eight_quarters_at_most(self) -> None:
        assert closed_quarters(date(2026, 11, 1))[::7] == [Quarter(2026, 3), Quarter(2024, 4)]
