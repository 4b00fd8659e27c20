"""The pages of what was found in common: cards, reasons, ticks, and who sees what. [5.3]"""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments.models import Choice
from cases.models import CommonDemand
from cases.services import open_common
from reports import forms_common, selectors_common, services
from reports.models import CommonFinding, CommonProposal
from tests.conftest import Cast
from tests.factories import department
from tests.reports.alike import (
    BOILERS,
    BUSES,
    COMMON,
    NOW,
    OTHER_UNIT,
    UNIT,
    case_of,
    cases_of,
    common,
    crowd,
    dismiss,
    found,
    keys,
    name,
)

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[5.3]")]
LIST = "/console/reports/commonproposal/"
# Of one group or three, of six cases or thousands.
LIST_QUERIES, PAGE_QUERIES = 9, 5


def signed_in(cast: Cast, who: str = "bureau_staff") -> Client:
    client = Client()
    client.force_login(cast[who], backend="departments.backends.RoleBackend")
    return client


def page(client: Client, address: str = LIST) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def address_of(proposal: CommonProposal) -> str:
    return reverse("console:reports_commonproposal_change", args=[proposal.pk])


def press(client: Client, proposal: CommonProposal, verb: str, **typed: Any) -> Any:
    return client.post(reverse("console:reports_commonproposal_do", args=[proposal.pk, verb]), typed)


@pytest.fixture
def proposal(cast: Cast) -> CommonProposal:
    """Four enterprises, two of them in the spring of this year and of the year before."""
    cases_of(BOILERS[:2], day=date(2026, 11, 5))
    case_of(3, BOILERS[2], day=date(2025, 11, 5))
    case_of(4, BOILERS[3], day=date(2026, 2, 5))
    crowd()
    return found()


def test_card_says_why_who_and_when(proposal: CommonProposal, cast: Cast) -> None:
    text = page(signed_in(cast))
    assert proposal.title in text
    assert all(term in text for term in proposal.terms)
    assert UNIT in text
    assert "安宁产业园区" in text
    assert "2025、2026年四季度都有" in text
    assert "do/name/" in text


def test_page_shows_the_demands_to_read_and_no_persons_names(proposal: CommonProposal, cast: Cast) -> None:
    for entry in proposal.entries.select_related("case__booking"):
        entry.case.booking.representative_name = "张建国"
        entry.case.booking.save()
    for address in (address_of(proposal), LIST):
        assert "张建国" not in page(signed_in(cast), address)
        assert "1380000" not in page(signed_in(cast), address)
    text = page(signed_in(cast), address_of(proposal))
    assert all(facts in text for _title, facts in BOILERS[:4])
    assert "安宁第1企业有限公司" in text


@pytest.mark.parametrize("who", ["inspector", "inspection_approver"])
def test_inspection_reads_and_decides_nothing(who: str, proposal: CommonProposal, cast: Cast) -> None:
    client = signed_in(cast, who)
    assert "do/name/" not in page(client)
    assert "重新查找" not in page(client)
    assert press(client, proposal, "dismiss", reason="x").status_code == 403


@pytest.mark.parametrize("who", ["department_head", "leader", "window_clerk", "auditor"])
def test_nobody_else_sees_it(who: str, proposal: CommonProposal, cast: Cast) -> None:
    client = signed_in(cast, who)
    assert client.get(LIST).status_code == 403
    assert client.get(address_of(proposal)).status_code == 403
    assert press(client, proposal, "name").status_code == 403


def test_group_is_named_without_what_was_unticked(proposal: CommonProposal, cast: Cast) -> None:
    client, cases = signed_in(cast), keys(proposal)
    text = page(client, reverse("console:reports_commonproposal_do", args=[proposal.pk, "name"]))
    assert text.count("checked") == 5, "four demands, and the department of most of them"
    typed = {"title": "锅炉检验排期长", "departments": [department(UNIT).pk], "cases": cases[:3]}
    assert press(client, proposal, "name", note="", **typed).status_code == 422, "a question is to be asked"
    assert press(client, proposal, "name", note="请研究驻场检验。", **typed).status_code == 302
    item = CommonDemand.objects.get()
    assert sorted(entry.case_id for entry in item.entries.all()) == cases[:3]
    assert "没有符合条件" in page(client) or "每天自动查找" in page(client)
    assert item.title in page(client, f"{LIST}?state=named")
    assert item.title in page(client, address_of(proposal))


def test_a_second_press_is_answered_already_done(proposal: CommonProposal, cast: Cast) -> None:
    client = signed_in(cast)
    title, note = COMMON
    typed = {"title": title, "note": note, "departments": [department(UNIT).pk], "cases": keys(proposal)}
    assert press(client, proposal, "name", **typed).status_code == 302
    again = press(client, proposal, "name", **typed)
    assert again.status_code == 302
    assert "此前已完成" in page(client, again["Location"])
    assert CommonDemand.objects.count() == 1


def test_case_of_another_group_cannot_be_slipped_in(proposal: CommonProposal, cast: Cast) -> None:
    stranger = case_of(50, BOILERS[0]).pk
    typed = {"title": "x", "departments": [department(UNIT).pk], "note": "x", "cases": [*keys(proposal), stranger]}
    assert press(signed_in(cast), proposal, "name", **typed).status_code == 422
    assert not CommonDemand.objects.exists()


def test_what_was_listed_by_hand_meanwhile_says_where_and_cannot_be_ticked(
    proposal: CommonProposal, cast: Cast
) -> None:
    first, *_rest = keys(proposal)
    other = case_of(50, BOILERS[0]).pk
    open_common(common=common("手工列的一项"), case_ids=[first, other], actor=cast.bureau_staff, now=NOW)
    assert "已列入“手工列的一项”" in page(signed_in(cast), address_of(proposal))
    form = page(signed_in(cast), reverse("console:reports_commonproposal_do", args=[proposal.pk, "name"]))
    assert f'value="{first}"' not in form.partition("列入的诉求")[2]


def test_a_very_large_group_is_ticked_in_parts(
    proposal: CommonProposal, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more boxes than a form may send; the rest follow as what may join."""
    for module in (selectors_common, forms_common):
        monkeypatch.setattr(module, "TICKED_AT_MOST", 3)
    client = signed_in(cast)
    form = page(client, reverse("console:reports_commonproposal_do", args=[proposal.pk, "name"]))
    assert form.count('name="cases"') == 3
    assert "其余的在下次查找后可再并入" in form
    assert "另有 1 件" in page(client, address_of(proposal))


def test_new_cases_join_what_there_is_in_one_press(proposal: CommonProposal, cast: Cast) -> None:
    item = name(proposal, cast.bureau_staff)
    case_of(5, BOILERS[4])
    joining = found()
    client = signed_in(cast)
    assert f"可并入“{item}”" in page(client)
    assert press(client, joining, "join", cases=keys(joining)).status_code == 302
    assert item.entries.count() == 5


def test_dismissed_group_says_why(proposal: CommonProposal, cast: Cast) -> None:
    client = signed_in(cast)
    assert press(client, proposal, "dismiss", reason=" ").status_code == 422
    assert press(client, proposal, "dismiss", reason="检验机构已增员").status_code == 302
    assert "检验机构已增员" in page(client, address_of(proposal))
    assert proposal.title not in page(client)
    assert proposal.title in page(client, f"{LIST}?state=dismissed")


def test_filters_narrow_by_area_department_district_and_season(proposal: CommonProposal, cast: Cast) -> None:
    cases_of(BUSES, first=20, unit=OTHER_UNIT, area="用工", district="连然街道")
    buses = found(case_count=3)
    client = signed_in(cast)
    area, district = (Choice.objects.get(name=name) for name in ("用工", "连然街道"))
    for query in (f"area={area.pk}", f"district={district.pk}", f"unit={department(OTHER_UNIT).pk}"):
        text = page(client, f"{LIST}?{query}")
        assert buses.title in text
        assert proposal.title not in text, query
    text = page(client, f"{LIST}?season=1")
    assert proposal.title in text
    assert buses.title not in text
    for nonsense in ("season=9", "area=x", "state=x", "unit=%27"):
        assert client.get(f"{LIST}?{nonsense}").status_code in (200, 302)


def test_looking_again_is_asked_for_and_told(proposal: CommonProposal, cast: Cast) -> None:
    client = signed_in(cast)
    assert client.post(f"{LIST}find/").status_code == 302
    assert "正在查找" in page(client)
    assert "data-refresh" in page(client)
    client.post(f"{LIST}find/")
    assert CommonFinding.objects.count() == 1
    services.run_findings(NOW)
    assert "data-refresh" not in page(client)
    assert "件诉求，找到 1 组" in page(client)


def test_front_page_counts_what_waits_for_who_may_decide(proposal: CommonProposal, cast: Cast) -> None:
    assert "新发现的共性诉求" in page(signed_in(cast), "/console/")
    assert "新发现的共性诉求" not in page(signed_in(cast, "inspector"), "/console/")
    dismiss(proposal, cast.bureau_staff)
    assert "没有待研究的相似诉求" in page(signed_in(cast), "/console/")


@pytest.mark.parametrize("many", [1, 3])
def test_pages_cost_the_same_however_many(many: int, cast: Cast) -> None:
    for place, texts in enumerate([BOILERS, BUSES, BOILERS][:many]):
        made = CommonProposal.objects.create(
            kind="new",
            status="proposed",
            title=f"第{place}组",
            alike_percent=50,
            case_count=6,
            enterprise_count=6,
            departments={str(department(UNIT).pk): 6},
            quarters={"2026-1": 6},
        )
        for case in cases_of(texts, first=1 + 10 * place):
            made.entries.create(case=case, alike_percent=50)
    client = signed_in(cast)
    assert queries_of(client, LIST) == LIST_QUERIES
    assert queries_of(client, address_of(CommonProposal.objects.order_by("pk")[0])) == PAGE_QUERIES


def queries_of(client: Client, address: str) -> int:
    """The second time; but for the settings, which are read again every few seconds."""
    page(client, address)
    with CaptureQueriesContext(connection) as asked:
        page(client, address)
    return len([row for row in asked.captured_queries if "core_setting" not in row["sql"]])
