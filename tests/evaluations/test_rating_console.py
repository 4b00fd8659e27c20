"""Who sees what of ratings: authors the inspection office alone, and each look is kept; sums the others. [5.2]"""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client

from cases.models import Case
from core.audit import subject_of
from core.models import AuditEntry, User
from evaluations import services
from evaluations.models import Rating
from evaluations.permissions_ratings import check_can_see_ratings, check_can_see_sums
from tests.conftest import CAST, Cast
from tests.evaluations.rating_steps import UNSATISFIED, invite, rate
from tests.factories import moment

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[5.2]"), pytest.mark.clause("[3.8]")]
SAME_START = True
LIST, SUMS = "/console/evaluations/rating/", "/console/evaluations/sums/"
INSPECTION = {"inspector", "inspection_approver"}
SEES_SUMS = INSPECTION | {
    *("bureau_staff", "bureau_supervisor", "department_staff", "other_department_staff", "department_head", "leader"),
}


@pytest.fixture(autouse=True)
def clock(db: None) -> Iterator[Any]:
    with time_machine.travel(moment("2027-02-01 10:00"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def rating(closed: Case) -> Rating:
    return rate(invite(closed), UNSATISFIED)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="departments.backends.RoleBackend")
    return client


def page(user: User, address: str) -> str:
    answer = signed_in(user).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def looks() -> list[tuple[str, str]]:
    rows = AuditEntry.objects.filter(action="look_at_ratings").order_by("pk")
    return list(rows.values_list("user__username", "subject"))


def test_list_and_page_are_the_inspection_offices_and_each_look_is_kept(rating: Rating, cast: Cast) -> None:
    listed = page(cast.inspector, LIST)
    for words in (rating.case.reference, rating.case.booking.company_name, "不满意", "超时、未解决"):
        assert words in listed
    assert looks() == [("inspector", subject_of(rating))]
    assert UNSATISFIED.comment in page(cast.inspection_approver, f"{LIST}{rating.pk}/change/")
    assert looks()[1:] == [("inspection_approver", subject_of(rating))]


def test_what_is_not_shown_is_no_look(rating: Rating, cast: Cast) -> None:
    page(cast.inspector, f"{LIST}?handling__exact=1")
    assert looks() == []


def test_others_see_no_author(rating: Rating, cast: Cast) -> None:
    for who in sorted(CAST.keys() - INSPECTION):
        client = signed_in(cast[who])
        for address in (LIST, f"{LIST}{rating.pk}/change/", f"{LIST}{rating.pk}/history/"):
            assert client.get(address).status_code == 403, (who, address)
        with pytest.raises(PermissionDenied):
            services.look_at_ratings(rating_ids=[rating.pk], actor=cast[who])
    assert looks() == []


def test_no_page_of_a_department_or_the_bureau_tells_how_it_was_rated(rating: Rating, cast: Cast) -> None:
    case, booking = rating.case, rating.case.booking
    addresses = [
        *(f"/console/cases/case/{case.pk}/change/", f"/console/cases/case/{case.pk}/history/"),
        *(f"/console/appointments/booking/{booking.pk}/change/", "/console/cases/case/", SUMS, "/console/"),
        f"/console/appointments/booking/{booking.pk}/history/",
    ]
    for who in ("department_staff", "department_head", "bureau_staff", "bureau_supervisor"):
        for address in addresses:
            answer = signed_in(cast[who]).get(address).content.decode()
            assert UNSATISFIED.comment not in answer, (who, address)
            assert "不满意" not in answer, (who, address)


def test_nothing_can_be_typed_pressed_or_removed(rating: Rating, cast: Cast) -> None:
    before = Rating.objects.values().get()
    change = {"handling": "on", "consultation": "on", "comment": "改了", "_save": "1"}
    for who in CAST:
        client = signed_in(cast[who])
        for path in (f"{rating.pk}/change/", f"{rating.pk}/delete/", "add/", f"{rating.pk}/do/rate/"):
            answer = client.post(LIST + path, change | {"post": "yes"})
            assert answer.status_code == 403, (who, path)
        action = {"action": "delete_selected", "_selected_action": rating.pk, "post": "yes"}
        assert client.post(LIST, action).status_code in (200, 302, 403)
    assert Rating.objects.values().get() == before


def test_matrix_of_who_sees_what(cast: Cast) -> None:
    for check, who_may in ((check_can_see_ratings, INSPECTION), (check_can_see_sums, SEES_SUMS)):
        for who in CAST:
            if who in who_may:
                check(cast[who])
            else:
                with pytest.raises(PermissionDenied):
                    check(cast[who])


def test_list_costs_the_same_at_one_row_and_at_three(
    rating: Rating, cast: Cast, django_assert_num_queries: Any
) -> None:
    client = signed_in(cast.inspector)
    client.get(LIST)
    for rows in (1, 3):
        assert Rating.objects.count() == rows
        with django_assert_num_queries(5):
            client.get(LIST)
        Rating.objects.bulk_create(
            Rating(case=rating.case, round=number, consultation=True, handling=True, is_late=False)
            for number in (2, 3) * (rows == 1)
        )


@pytest.mark.parametrize("who", ["department_staff", "leader", "bureau_staff", "inspector"])
def test_sums_withhold_what_is_small(rating: Rating, cast: Cast, who: str) -> None:
    """One rating of the last quarter: no figure of it, for nobody."""
    shown = page(cast[who], SUMS)
    assert "2026年第4季度" in shown
    assert "不列出" in shown
    assert "%</b>" not in shown


@pytest.fixture
def five(closed: Case, rating: Rating) -> None:
    """Four more of the same quarter and unit, past the verbs."""
    first = rating.case.invitations.get()
    for number in range(2, 6):
        first.pk, first.round, first.digest, first._state.adding = None, number, str(number), True
        first.save()
        Rating.objects.create(case=closed, round=number, consultation=True, handling=True, is_late=False)


def test_department_sees_its_own_sum_and_the_citys(five: None, cast: Cast) -> None:
    shown = page(cast.department_head, SUMS)
    assert shown.count("80.0%") == 2
    assert shown.count("4/5") == 2
    other = page(cast.other_department_staff, SUMS)
    assert other.count("80.0%") == 1
    assert "市税务局" not in other[other.index('id="content-main"') :]


def test_bureau_sees_the_same_by_unit(five: None, cast: Cast) -> None:
    shown = page(cast.bureau_staff, f"{SUMS}?quarter=2026-4")
    assert "市税务局" in shown
    assert shown.count("4/5") == 2
    assert "2026年第3季度" not in shown


def test_sums_before_anybody_was_asked_say_so(cast: Cast) -> None:
    assert "本季度没有收到评价" in page(cast.bureau_staff, SUMS)


@pytest.mark.parametrize("query", ["?quarter=", "?quarter=2027-1", "?quarter=x", "?quarter=%ff"])
def test_mistyped_quarter_shows_the_last(rating: Rating, cast: Cast, query: str) -> None:
    assert "2026年第4季度" in page(cast.leader, SUMS + query)
