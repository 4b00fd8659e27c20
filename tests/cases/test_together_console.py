"""The block of a case's page on what is alike, its buttons, and the pages of common demands. [3.7] [5.3]"""

from typing import NamedTuple

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Case, CaseLink, CommonDemand, Merger
from cases.selectors_together import merger_of
from tests.appointments.conftest import OPENS, accept, confirm, take
from tests.cases.conftest import DAY, LEAD, OTHER, hand_over, make_plan, part
from tests.conftest import Cast
from tests.factories import department, make_sitting
from tests.starts import same_start, whole_cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.7]"), pytest.mark.clause("[5.3]")]


class Start(NamedTuple):
    cast: Cast
    cases: list[Case]


def make_start() -> Start:
    """Three that are alike; the last one is also another department's."""
    cast, sitting = whole_cast(), make_sitting(DAY, published=True, opens_at=OPENS)
    bookings = [accept(confirm(take(sitting, serial)), cast.bureau_staff) for serial in (1, 2, 3)]
    assisting = [(), (), (OTHER,)]
    return Start(
        cast,
        [hand_over(row, cast.department_head, assisting=more) for row, more in zip(bookings, assisting, strict=True)],
    )


SAME_START = True
kept_start = same_start(make_start)


@pytest.fixture
def cases(own_start: Start) -> list[Case]:
    return own_start.cases


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast[who], backend="departments.backends.RoleBackend")
    return client


def page(client: Client, case: Case) -> str:
    answer = client.get(reverse("console:cases_case_change", args=[case.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def press(client: Client, row: Case | CommonDemand, verb: str, **typed: object) -> int:
    name = f"console:cases_{row._meta.model_name}_do"
    return client.post(reverse(name, args=[row.pk, verb]), typed).status_code


def test_page_shows_what_is_alike_and_offers_to_bind_it(cases: list[Case], cast: Cast) -> None:
    text = page(signed_in(cast, "bureau_staff"), cases[0])
    assert all(case.reference in text for case in cases)
    assert "do/merge/" in text
    assert "do/link/" in text


def test_department_sees_what_is_alike_among_its_own_and_no_buttons(cases: list[Case], cast: Cast) -> None:
    text = page(signed_in(cast, "other_department_staff"), cases[2])
    assert cases[0].reference not in text
    text = page(signed_in(cast, "department_staff"), cases[0])
    assert cases[1].reference in text
    assert "do/merge/" not in text


def test_cases_are_linked_merged_and_undone_by_their_buttons(cases: list[Case], cast: Cast) -> None:
    first, second, third = cases
    client = signed_in(cast, "bureau_staff")
    assert press(client, first, "link", others=third.reference, reason="同一园区") == 302
    assert "同一园区" in page(client, third)
    assert press(client, first, "merge", cases=[second.pk], reason="同一口径") == 302
    text = page(client, second)
    assert "同一口径" in text
    assert "do/merge/" not in text, "only the main case takes others in"
    assert press(client, first, "unlink", link=CaseLink.objects.get().pk, reason="有误") == 302
    assert press(client, second, "unmerge", reason="有误") == 302
    assert CaseLink.objects.get().status == Merger.objects.get().status == "undone"


def test_refusals_stand_at_the_form(cases: list[Case], cast: Cast) -> None:
    client = signed_in(cast, "bureau_staff")
    assert press(client, cases[0], "merge", reason="x") == 422
    assert press(client, cases[0], "merge", others="26-00-NONE0", reason="x") == 422
    assert press(client, cases[0], "merge", others=cases[0].reference, reason="x") == 422
    assert not Merger.objects.exists()


def test_department_answers_merged_cases_in_one_press(cases: list[Case], cast: Cast) -> None:
    first, second, _third = cases
    press(signed_in(cast, "bureau_staff"), first, "merge", cases=[second.pk], reason="同一口径")
    for case in (first, second):
        make_plan(part(case), cast.department_staff)
    client = signed_in(cast, "department_staff")
    address = reverse("console:cases_assignment_do", args=[part(first).pk, "answer-together"])
    assert address in page(client, first)
    assert client.post(address, {"result": "solved", "text": "已退税。"}).status_code == 302
    assert [part(case).status for case in (first, second)] == ["checking", "checking"]


def test_common_demand_is_opened_from_a_case_and_settled_on_its_page(cases: list[Case], cast: Cast) -> None:
    first, second, third = cases
    client, unit = signed_in(cast, "bureau_staff"), department(LEAD).pk
    typed = {"title": "退税周期长", "departments": [unit], "note": ""}
    assert press(client, first, "common", others=first.reference, **typed) == 422, "one enterprise is not several"
    assert press(client, first, "common", cases=[second.pk], **typed) == 302
    item = CommonDemand.objects.get()
    assert "退税周期长" in page(client, second)
    assert press(client, third, "add-to-common", item=item.pk) == 302
    assert press(client, item, "take-out", case=second.pk, reason="另有原因") == 302
    text = client.get(reverse("console:cases_commondemand_change", args=[item.pk])).content.decode()
    assert first.reference in text
    assert second.reference not in text
    assert press(client, item, "settle", settlement="已出台规定。", told="已出台规定") == 302
    item.refresh_from_db()
    assert item.status == "settled"


def test_department_of_a_common_demand_sees_only_its_own_cases_there(cases: list[Case], cast: Cast) -> None:
    client, unit = signed_in(cast, "bureau_staff"), department(OTHER).pk
    press(client, cases[0], "common", cases=[cases[2].pk], title="退税周期长", departments=[unit])
    address = reverse("console:cases_commondemand_change", args=[CommonDemand.objects.get().pk])
    text = signed_in(cast, "other_department_staff").get(address).content.decode()
    assert cases[2].reference in text
    assert cases[0].reference not in text
    assert "另有 1 件" in text
    assert signed_in(cast, "department_staff").get(address).status_code == 302


@pytest.mark.parametrize("many", [1, 3])
def test_list_of_common_demands_costs_the_same(
    many: int, cases: list[Case], cast: Cast, django_assert_num_queries: object
) -> None:
    for _place in range(many):
        row = CommonDemand.objects.create(title="退税", status="open", opened_by=cast.bureau_staff)
        row.departments.add(department(LEAD), department(OTHER))
    client = signed_in(cast, "bureau_staff")
    address = reverse("console:cases_commondemand_changelist")
    client.get(address)
    with django_assert_num_queries(5):  # type: ignore[operator]
        assert client.get(address).status_code == 200


def test_no_merger_means_no_common_answer(cases: list[Case], cast: Cast) -> None:
    make_plan(part(cases[0]), cast.department_staff)
    assert merger_of(cases[0]) is None
    assert "answer-together" not in page(signed_in(cast, "department_staff"), cases[0])
