"""A case is found by its reference, title, points, answer, and its enterprise, by who may see them. [3.7]"""

from io import StringIO

import pytest
from django.core.management import call_command

from appointments.models import Booking
from cases.models import Case
from cases.permissions import searchable_parts
from core import search
from core.models import SearchGram, SearchText, User
from tests.appointments.conftest import accept, confirm, take
from tests.cases.conftest import close_at_once, handled
from tests.conftest import CAST, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.7]")]


def found(query: str, viewer: User) -> list[Case]:
    keys = search.find(query, searchable_parts(viewer))
    return list(Case.objects.visible_to(viewer).filter(booking__in=keys))


@pytest.mark.parametrize("query", ["复核环节", "退税进度", "七月申请", "第1企业", "复核 第1企业"])
def test_case_is_found_by_points_title_facts_and_enterprise(case: Case, cast: Cast, query: str) -> None:
    assert found(query, cast.bureau_staff) == [case]


def test_case_is_found_by_its_reference(case: Case, cast: Cast) -> None:
    assert found(case.reference.lower(), cast.bureau_staff) == [case]


def test_answer_is_found_once_it_is_given(case: Case, cast: Cast) -> None:
    assert found("已办结", cast.bureau_staff) == []
    handled(case, cast)
    assert found("已办结", cast.bureau_staff) == [case]


def test_answer_given_on_the_spot_is_found(booking: Booking, cast: Cast) -> None:
    case = close_at_once(booking, cast.department_head)
    assert found("当场退税", cast.bureau_staff) == [case]


def test_department_finds_cases_in_which_it_has_a_part(case: Case, cast: Cast) -> None:
    assert found("退税", cast.department_staff) == [case]
    assert found("退税", cast.other_department_staff) == []


@pytest.mark.parametrize("person", CAST)
def test_enterprise_is_searched_by_who_may_look_at_bookings(person: str, cast: Cast) -> None:
    assert ("company" in searchable_parts(cast[person])) == cast[person].has_perm("appointments.view_booking")


def test_booking_without_a_case_is_no_case(case: Case, cast: Cast) -> None:
    confirm(take(case.booking.sitting, 2))
    assert found("退税", cast.bureau_staff) == [case]


def test_reindex_writes_what_was_lost_and_may_run_twice(case: Case, cast: Cast) -> None:
    accept(confirm(take(case.booking.sitting, 2)), cast.bureau_staff)
    before = set(SearchGram.objects.values_list("part", "gram", "key"))
    SearchGram.objects.all().delete()
    SearchText.objects.all().delete()
    assert found("复核环节", cast.bureau_staff) == []
    for _time in range(2):
        out = StringIO()
        call_command("reindex", stdout=out)
        assert set(SearchGram.objects.values_list("part", "gram", "key")) == before
        assert "2 bookings" in out.getvalue()
    assert found("复核环节", cast.bureau_staff) == [case]
