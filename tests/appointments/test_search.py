"""The list of bookings is searched by the index of character pairs, within what one may see. [3.3] [3.4]"""

from typing import Any

import pytest
from django.test import Client

from appointments.models import Booking
from sessions_app.models import Sitting
from tests.appointments.conftest import accept, answers, confirm, take
from tests.conftest import Cast
from tests.factories import department

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.4]")]
LIST = "/console/appointments/booking/"


@pytest.fixture
def bookings(sitting: Sitting, cast: Cast) -> dict[str, Booking]:
    """One that is held, one that is submitted, one that is another department's."""
    power = answers(title="厂区用电增容", departments=[department("市统计局")])
    other = confirm(take(sitting, 3), answers=power)
    return {
        "held": take(sitting, 1),
        "tax": accept(confirm(take(sitting, 2)), cast.bureau_staff),
        "power": accept(other, cast.bureau_staff, lead="市统计局"),
    }


def shown(cast: Cast, who: str, query: str) -> tuple[set[str], str]:
    """The references that the list shows, and the page."""
    client = Client()
    client.force_login(cast[who])
    response = client.get(LIST, {"q": query})
    assert response.status_code == 200
    return {row.reference for row in response.context["cl"].result_list}, response.content.decode()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("退税", {"tax"}),
        ("用电增容", {"power"}),
        ("明确办结", {"tax", "power"}),
        ("第1企业", {"held"}),
        ("第2企业 退税", {"tax"}),
        ("第2企业 用电", set()),
        ("91530181ma6t00003", {"power"}),
        ("13800000001", set()),
        ("张建国", set()),
    ],
)
def test_list_finds_demand_and_enterprise_and_no_contact(
    bookings: dict[str, Booking], cast: Cast, query: str, names: set[str]
) -> None:
    found, _page = shown(cast, "bureau_staff", query)
    assert found == {bookings[name].reference for name in names}


def test_list_finds_by_reference_in_any_case(bookings: dict[str, Booking], cast: Cast) -> None:
    reference = bookings["tax"].reference
    assert shown(cast, "window_clerk", reference.lower())[0] == {reference}


def test_department_finds_only_its_own(bookings: dict[str, Booking], cast: Cast) -> None:
    assert shown(cast, "department_staff", "明确办结")[0] == {bookings["tax"].reference}
    assert shown(cast, "other_department_staff", "退税")[0] == set()


def test_list_answers_one_character_with_a_sentence(bookings: dict[str, Booking], cast: Cast) -> None:
    found, page = shown(cast, "bureau_staff", "税")
    assert found == set()
    assert "“税”太短" in page


def test_list_costs_the_same_for_one_and_three(sitting: Sitting, cast: Cast, django_assert_num_queries: Any) -> None:
    client = Client()
    client.force_login(cast.bureau_staff)
    client.get(LIST)  # what is kept between requests
    for serials in ([1], [2, 3]):
        for serial in serials:
            take(sitting, serial)
        with django_assert_num_queries(9):
            client.get(LIST, {"q": "有限公司"})


def test_submitting_finds_the_new_words_and_the_old_ones(sitting: Sitting, cast: Cast) -> None:
    booking = take(sitting, 1)
    assert shown(cast, "bureau_staff", "退税")[0] == set()
    confirm(booking)
    assert shown(cast, "bureau_staff", "退税 第1企业")[0] == {booking.reference}
