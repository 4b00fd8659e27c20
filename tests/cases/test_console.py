"""The console on cases: who sees which, in what order, at what cost, and what the page of one says. [3.7]"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from appointments.models import Booking
from cases.models import Case
from core.models import User
from sessions_app.models import Sitting
from tests.appointments.conftest import accept, confirm, take
from tests.cases.conftest import (
    LEAD,
    OTHER,
    SEEN,
    close_at_once,
    hand_over,
)
from tests.conftest import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.7]")]
LIST = "/console/cases/case/"
LIST_QUERIES = 9


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(SEEN, tick=False) as clock:
        yield clock


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="departments.backends.RoleBackend")
    return client


@pytest.fixture
def bureau(cast: Cast) -> Client:
    return signed_in(cast.bureau_staff)


def page_of(case: Case) -> str:
    return reverse("admin:cases_case_change", args=[case.pk])


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def booked(sitting: Sitting, serial: int, bureau: User) -> Booking:
    return accept(confirm(take(sitting, serial)), bureau)


def listed(client: Client, query: str = "") -> list[int]:
    return [row.pk for row in client.get(f"{LIST}?{query}").context["cl"].result_list]


@pytest.fixture
def three(sitting: Sitting, cast: Cast) -> list[Case]:
    """Of one department, of two together, and solved on the spot; opened one after the other."""
    first, second, third = (booked(sitting, serial, cast.bureau_staff) for serial in (1, 2, 3))
    head = cast.department_head
    return [
        hand_over(first, head, lead=OTHER),
        hand_over(second, head, assisting=(OTHER,), now=SEEN + timedelta(minutes=1)),
        close_at_once(third, head),
    ]


class TestList:
    def test_the_newest_case_stands_first(self, bureau: Client, three: list[Case]) -> None:
        assert listed(bureau) == [three[1].pk, three[2].pk, three[0].pk]

    def test_by_its_due_date_the_most_urgent_stands_first_and_the_closed_last(
        self, bureau: Client, three: list[Case], cast: Cast
    ) -> None:
        column = bureau.get(LIST).context["cl"].list_display.index("next_due")
        assert listed(bureau, f"o={column}")[-1] == three[2].pk

    @pytest.mark.parametrize("number", [1, 3])
    def test_the_list_costs_the_same_whatever_it_holds(
        self, bureau: Client, sitting: Sitting, cast: Cast, number: int, django_assert_num_queries: Any
    ) -> None:
        for serial in range(1, number + 1):
            hand_over(booked(sitting, serial, cast.bureau_staff), cast.department_head, assisting=(OTHER,))
        bureau.get(LIST)
        with django_assert_num_queries(LIST_QUERIES):
            assert len(listed(bureau)) == number

    def test_a_department_sees_only_its_own(self, three: list[Case], cast: Cast) -> None:
        assert listed(signed_in(cast.department_staff)) == [three[1].pk]
        assert signed_in(cast.department_staff).get(page_of(three[0])).status_code == 302

    def test_a_line_names_the_units_and_what_is_due_next(self, bureau: Client, three: list[Case]) -> None:
        page = text_of(bureau.get(LIST))
        assert f"{LEAD}（牵头）、{OTHER}" in page
        assert "剩 5 个工作日" in page
        assert "12-03 周四" in page


class TestPage:
    def test_the_page_opens_for_one_of_two_and_none(self, bureau: Client, three: list[Case]) -> None:
        for case in three:
            page = text_of(bureau.get(page_of(case)))
            assert case.reference in page
            assert case.points in page

    def test_every_due_date_says_why_it_is_this_day(self, bureau: Client, three: list[Case]) -> None:
        page = text_of(bureau.get(page_of(three[1])))
        assert page.count("为什么是这一天") == 5
        assert "依据工作方案第三部分第（七）项，时限为 20 个工作日。" in page

    def test_contact_data_is_masked(self, bureau: Client, three: list[Case]) -> None:
        page = text_of(bureau.get(page_of(three[0])))
        assert three[0].booking.mobile not in page
        assert three[0].booking.mobile[:3] + "****" in page
