"""The console on typical cases: the list, one beside its original, writing, judging, what waits. [5.3] [5.4]"""

import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments.models import Booking
from cases.models import Case
from core import search
from reports.models import TypicalCase
from tests.conftest import Cast
from tests.factories import department
from tests.reports.typical_start import booking, case, cast, closed, good, kept_start, own_start, sitting
from tests.reports.typical_steps import WORDS, bring_to, check, choose, fresh, save, send_back

__all__ = ["booking", "case", "cast", "closed", "good", "kept_start", "own_start", "sitting"]
SAME_START = True
pytestmark = [pytest.mark.clause("[5.3]", "[5.4]"), pytest.mark.django_db]
LIST = "/console/reports/typicalcase/"


@pytest.fixture
def draft(good: Case, cast: Cast) -> TypicalCase:
    return bring_to("draft", good, cast)


@pytest.fixture
def ripe(good: Case) -> Case:
    """The days in which it may be rated are over, whatever day the test runs on."""
    good.invitations.update(silent_on="2020-01-01")
    return good


def signed_in(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast[name])
    return client


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def words_typed(typical: TypicalCase, **changed: object) -> dict[str, object]:
    keys = {"area": typical.area_id, "department": department("市税务局").pk, "revision": fresh(typical).revision}
    return WORDS | keys | changed


class TestChoosing:
    def test_the_button_on_a_solved_case_leads_to_what_it_made(self, ripe: Case, cast: Cast) -> None:
        bureau = signed_in(cast, "bureau_staff")
        page = f"/console/cases/case/{ripe.pk}/"
        assert "选为典型案例" in text_of(bureau.get(f"{page}change/"))
        bureau.post(f"{page}do/typical/")
        made = TypicalCase.objects.get()
        assert f'href="{LIST}{made.pk}/change/"' in text_of(bureau.get(f"{page}change/"))

    def test_no_button_on_a_case_that_is_open(self, case: Case, cast: Cast) -> None:
        page = signed_in(cast, "bureau_staff").get(f"/console/cases/case/{case.pk}/change/")
        assert "选为典型案例" not in text_of(page)

    def test_a_refusal_is_said(self, ripe: Case, cast: Cast) -> None:
        choose(ripe, cast)
        bureau = signed_in(cast, "bureau_staff")
        answer = bureau.post(f"/console/cases/case/{ripe.pk}/do/typical/", follow=True)
        assert "正在编写" in text_of(answer)


class TestList:
    def test_costs_the_same_however_many(self, draft: TypicalCase, cast: Cast) -> None:
        bureau = signed_in(cast, "bureau_staff")
        bureau.get(LIST)
        with CaptureQueriesContext(connection) as one:
            bureau.get(LIST)
        for _place in range(2):
            TypicalCase.objects.create(
                case=draft.case,
                status="withdrawn",
                title="另一件",
                area=draft.area,
                department=draft.department,
                year=2026,
                quarter=3,
                written_by=cast.bureau_staff,
                withdrawn_by=cast.bureau_staff,
                withdrawn_at=draft.written_at,
                withdrawn_reason="不用",
            )
        with CaptureQueriesContext(connection) as three:
            answer = bureau.get(LIST)
        assert len(one) == len(three)
        assert text_of(answer).count("另一件") == 2

    def test_says_what_will_stand_here(self, cast: Cast) -> None:
        assert "选为典型案例" in text_of(signed_in(cast, "inspector").get(LIST))


class TestWriting:
    def test_the_original_stands_beside_it_with_names_covered(self, draft: TypicalCase, cast: Cast) -> None:
        seen = draft.case.booking
        Booking.objects.filter(pk=seen.pk).update(
            facts=f"{seen.company_name}的{seen.representative_name}来电 {seen.mobile}，退税未到账。"
        )
        for page in ("write", "change"):
            said = text_of(signed_in(cast, "bureau_staff").get(f"{LIST}{draft.pk}/{page}/"))
            assert "退税未到账" in said
            assert "＊＊＊" in said
            assert not [word for word in (seen.company_name, seen.mobile) if word in said]

    def test_what_was_written_is_kept_and_what_tells_is_shown_at_its_field(
        self, draft: TypicalCase, cast: Cast
    ) -> None:
        bureau, address = signed_in(cast, "bureau_staff"), f"{LIST}{draft.pk}/write/"
        told = f"{draft.case.booking.company_name}的王总反映"
        answer = bureau.post(address, words_typed(draft, handling=told), follow=True)
        assert "已保存" in text_of(answer)
        for page in (text_of(answer), text_of(bureau.get(address))):
            assert len(re.findall(r'typical-found strict">', page)) == 1
            assert len(re.findall(r'typical-found">', page)) == 1
            assert "是企业名称，须改写" in page
            assert "“王总”可能是姓氏加称谓" in page

    def test_a_page_that_was_overtaken_keeps_what_was_typed(self, draft: TypicalCase, cast: Cast) -> None:
        bureau, address = signed_in(cast, "bureau_staff"), f"{LIST}{draft.pk}/write/"
        typed = words_typed(draft, outcome="我写的。")
        save(draft, cast, outcome="别人写的。")
        answer = bureau.post(address, typed)
        assert answer.status_code == 422
        assert "我写的。" in text_of(answer)
        assert "刚刚被修改过" in text_of(answer)
        again = typed | {"revision": re.search(r'name="revision" value="(\d+)"', text_of(answer))[1]}
        assert bureau.post(address, again).status_code == 302
        assert fresh(draft).outcome == "我写的。"

    def test_too_much_is_said_at_its_field(self, draft: TypicalCase, cast: Cast) -> None:
        answer = signed_in(cast, "bureau_staff").post(
            f"{LIST}{draft.pk}/write/", words_typed(draft, keywords="一一、二二、三三、四四、五五、六六、七七")
        )
        assert answer.status_code == 422
        assert "关键词不超过 6 个" in text_of(answer)


class TestJudging:
    def test_the_checker_reads_what_was_found_before_and_after(self, draft: TypicalCase, cast: Cast) -> None:
        save(draft, cast, situation=f"{draft.case.booking.company_name}反映。")
        inspector, address = signed_in(cast, "inspector"), f"{LIST}{draft.pk}/do/check/"
        assert "企业名称" in text_of(inspector.get(address))
        answer = inspector.post(address, {"confirmed": "on", "reason": "", "revision": fresh(draft).revision})
        assert answer.status_code == 422
        assert draft.case.booking.company_name in text_of(answer)
        assert fresh(draft).status == "draft"

    def test_buttons_are_for_who_may_press_them(self, draft: TypicalCase, cast: Cast) -> None:
        def buttons(person: str) -> set[str]:
            page = text_of(signed_in(cast, person).get(f"{LIST}{draft.pk}/change/"))
            return set(re.findall(r"/do/([\w-]+)/", page))

        assert buttons("bureau_staff") == {"send-back", "withdraw"}
        assert buttons("inspector") == {"check", "send-back", "withdraw"}
        check(draft, cast)
        assert buttons("bureau_supervisor") == {"approve", "send-back", "withdraw"}

    def test_preview_looks_as_the_public_page_will(self, draft: TypicalCase, cast: Cast) -> None:
        page = text_of(signed_in(cast, "inspector").get(f"{LIST}{draft.pk}/preview/"))
        assert WORDS["situation"] in page
        assert "发布前只有工作人员能看到" in page
        assert "noindex" in page

    def test_what_waits_is_counted_for_whom_it_concerns(self, draft: TypicalCase, cast: Cast) -> None:
        def waits(person: str, label: str) -> bool:
            page = text_of(signed_in(cast, person).get("/console/"))
            return label in page

        assert waits("inspector", "待核对的典型案例")
        assert not waits("bureau_staff", "待核对的典型案例")
        send_back(draft, cast)
        assert waits("bureau_staff", "退回修改的典型案例")
        assert waits("bureau_supervisor", "待审定的典型案例")

    def test_front_page_leads_to_the_drafts_that_it_counts(self, draft: TypicalCase, cast: Cast) -> None:
        def listed(person: str, turn: str) -> list[int]:
            page = signed_in(cast, person).get(f"/console/reports/typicalcase/?turn={turn}")
            return [row.pk for row in page.context["cl"].result_list]

        assert "?turn=check" in signed_in(cast, "inspector").get("/console/").content.decode()
        assert (listed("inspector", "check"), listed("bureau_staff", "back")) == ([draft.pk], [])
        send_back(draft, cast)
        assert (listed("inspector", "check"), listed("bureau_staff", "back")) == ([], [draft.pk])

    def test_history_tells_who_did_what(self, good: Case, cast: Cast) -> None:
        typical = bring_to("withdrawn", good, cast)
        page = text_of(signed_in(cast, "inspector").get(f"{LIST}{typical.pk}/history/"))
        assert all(word in page for word in ("选为典型案例", "核对", "审定", "发布", "撤下", "企业提出可被认出"))


def test_search_of_cases_finds_nothing_of_typical_ones(good: Case, cast: Cast) -> None:
    """Two libraries in one table of pairs, told apart by their part."""
    bring_to("published", good, cast)
    assert list(search.find("一次告知", ["case", "demand"])) == []
