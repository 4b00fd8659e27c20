"""The enterprise's pages, asked one by one: from taking a number to the slip, and what else its holder may do."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from appointments.enums import BookingStatus
from appointments.models import Booking, PressureReport
from core import policy, secrets
from notifications.models import Message
from sessions_app.models import Sitting
from tests.appointments.conftest import FIRST_SESSION, NOW, OPENS, answers, application, confirm, consent, take, wait

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
STEPS = ("grounds", "demand", "facts", "contact", "files", "review")


class Controls(HTMLParser):
    """Name and value of every control that a browser would send back, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = dict(attrs)
        name, kind = of.get("name"), of.get("type", "text")
        if tag not in ("input", "button") or not name:
            return
        if kind not in ("radio", "checkbox") or "checked" in of:
            self.sent.setdefault(name, of.get("value") or "")


def controls(answer: HttpResponse) -> dict[str, str]:
    parser = Controls()
    parser.feed(answer.content.decode())
    return parser.sent


def error_at(html: str, field: str) -> str:
    """The message that stands at a field; "" when there is none."""
    found = re.search(rf'id="id_{field}_error".*?</div>', html, re.S)
    return re.sub(r"<[^>]+>", "", found[0].partition(">")[2]).strip() if found else ""


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def take_url(sitting: Sitting) -> str:
    return reverse("appointments:take", args=[sitting.pk])


def typed(serial: int = 1, **changes: str) -> dict[str, str]:
    """The four answers of an enterprise and the token of its page."""
    of = application(serial)
    said = {
        "enterprise_kind": of.enterprise_kind,
        "company_name": of.company_name,
        "credit_code": of.credit_code,
        "mobile": of.mobile,
        "submission": secrets.new_submission(),
    }
    return said | changes


def url(booking: Booking, name: str = "", *args: Any) -> str:
    """Of the slip itself, or of what lies below it."""
    return reverse(f"appointments:{name}" if name else "portal:enterprise", args=[booking.ticket_secret, *args])


def form_steps() -> dict[str, dict[str, Any]]:
    """What a browser sends at each step of the whole form."""
    said = answers()
    return {
        "demand": {
            "departments": [row.pk for row in said["departments"]],
            "demand_kind": said["demand_kind"],
            "demand_area": said["demand_area"].pk,
            "title": said["title"],
        },
        "facts": {name: said[name] for name in ("facts", "request", "elsewhere", "elsewhere_reference")},
        "contact": {
            "district": said["district"].pk,
            "industry": said["industry"].pk,
            **{name: said[name] for name in ("representative_name", "representative_role", "channels", "attendees")},
        },
    }


def fill(client: Client, booking: Booking) -> None:
    for step, said in form_steps().items():
        assert client.post(url(booking, "step", step), said).status_code == 302


def upload(content: bytes = PDF, name: str = "合同.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        cache.clear()
        yield traveller


@pytest.fixture
def client() -> Client:
    """As strict as a real server: a public form must work without a token and without a cookie."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def held(sitting: Sitting) -> Booking:
    consent()
    return take(sitting, 1)


class TestTaking:
    pytestmark = pytest.mark.clause("[3.3]")

    def test_take_page_open_asks_four_answers_and_shows_the_grounds(self, client: Client, sitting: Sitting) -> None:
        page = client.get(take_url(sitting))
        assert page.status_code == 200
        assert {"enterprise_kind", "company_name", "credit_code", "mobile", "submission"} <= set(controls(page))
        assert "不予受理" in text_of(page)

    def test_take_valid_leads_to_the_form_with_number_one(self, client: Client, sitting: Sitting) -> None:
        answer = client.post(take_url(sitting), typed())
        booking = Booking.objects.get()
        assert answer.headers["Location"] == url(booking, "step", "grounds")
        assert (booking.number, booking.status) == (1, BookingStatus.HELD)

    @pytest.mark.parametrize(
        ("field", "value", "says"),
        [
            ("credit_code", "915301810000000000", "统一社会信用代码有误"),
            ("credit_code", "91530181MA6T", "现为 12 位"),
            ("credit_code", "", "请填写统一社会信用代码"),
            ("mobile", "12345", "11 位手机号码"),
            ("mobile", "", "请填写手机"),
            ("company_name", "", "请填写企业名称"),
            ("enterprise_kind", "bank", "请从列出的选项中选择"),
        ],
    )
    def test_take_wrong_answer_is_told_at_its_field_and_all_is_kept(
        self, client: Client, sitting: Sitting, field: str, value: str, says: str
    ) -> None:
        said = typed(**{field: value})
        answer = client.post(take_url(sitting), said)
        assert answer.status_code == 422
        assert says in error_at(text_of(answer), field)
        kept = controls(answer)
        assert {name: kept.get(name, "") for name in said if name != "enterprise_kind"} == {
            name: text for name, text in said.items() if name != "enterprise_kind"
        }
        assert not Booking.objects.exists()

    @pytest.mark.clause("[4.2]")
    def test_take_wrong_answer_still_shows_the_grounds(self, client: Client, sitting: Sitting) -> None:
        answer = client.post(take_url(sitting), typed(mobile=""))
        assert "不予受理" in text_of(answer)

    @pytest.mark.clause("[4.1]")
    def test_take_investor_without_a_code_gets_a_number(self, client: Client, sitting: Sitting) -> None:
        answer = client.post(take_url(sitting), typed(enterprise_kind="investing", credit_code=""))
        assert answer.status_code == 302
        assert Booking.objects.get().enterprise.identity == "mobile:13800000001"

    def test_take_five_times_the_same_submission_is_one_booking(self, client: Client, sitting: Sitting) -> None:
        said = typed()
        places = {client.post(take_url(sitting), said).headers["Location"] for _press in range(5)}
        assert Booking.objects.count() == len(places) == 1

    def test_take_made_up_token_finds_nobody_elses_booking(self, client: Client, sitting: Sitting) -> None:
        for serial in (1, 2):
            client.post(take_url(sitting), typed(serial, submission="made-up"))
        assert Booking.objects.count() == 2

    def test_take_full_says_so_and_one_press_joins_the_line_as_typed(
        self, client: Client, full_sitting: Sitting
    ) -> None:
        said = typed(6)
        refused = client.post(take_url(full_sitting), said)
        assert refused.status_code == 409
        assert "约满" in text_of(refused)
        again = controls(refused)
        assert {name: again.get(name) for name in said} == said
        assert "join" in again
        joined = client.post(take_url(full_sitting), again)
        waiting = Booking.objects.get(status=BookingStatus.WAITING)
        assert joined.headers["Location"] == url(waiting)
        assert waiting.company_name == said["company_name"]

    @pytest.mark.parametrize("query", ["", "?join=1"])
    def test_take_page_when_full_offers_the_waiting_list(
        self, client: Client, full_sitting: Sitting, query: str
    ) -> None:
        page = client.get(take_url(full_sitting) + query)
        assert page.status_code == 200
        assert "候补" in text_of(page)

    @pytest.mark.parametrize(
        ("moment", "says", "joins"),
        [
            (OPENS - timedelta(seconds=1), "尚未开放", False),
            (OPENS + timedelta(days=8), "截止", True),
            (FIRST_SESSION + timedelta(days=1), "结束", False),
        ],
    )
    def test_take_outside_its_time_says_why(
        self, client: Client, sitting: Sitting, clock: Any, moment: Any, says: str, joins: bool
    ) -> None:
        clock.move_to(moment, tick=False)
        page, answer = client.get(take_url(sitting)), client.post(take_url(sitting), typed())
        assert (page.status_code, answer.status_code) == (200, 409)
        assert says in text_of(page)
        assert says in text_of(answer)
        assert ("join" in text_of(answer)) is joins
        assert not Booking.objects.exists()

    def test_take_second_time_for_a_code_says_only_that_and_can_claim(self, client: Client, sitting: Sitting) -> None:
        first = take(sitting, 1)
        refused = client.post(take_url(sitting), typed(1, mobile="13999999999", company_name="自称的名字"))
        page = text_of(refused)
        assert refused.status_code == 409
        assert "该企业本期已有预约" in page
        assert not [secret for secret in (first.mobile, first.reference, first.company_name) if secret in page]
        again = controls(refused)
        assert "claim" in again
        answer = client.post(take_url(sitting), again)
        claimed = Booking.objects.get(status=BookingStatus.CONTESTED)
        assert answer.headers["Location"] == url(claimed)
        assert "核实" in text_of(client.get(url(claimed)))


class TestForm:
    pytestmark = pytest.mark.clause("[3.3]")

    @pytest.mark.parametrize("step", STEPS)
    def test_step_opens_and_says_where_one_is(self, client: Client, held: Booking, step: str) -> None:
        page = client.get(url(held, "step", step))
        assert page.status_code == 200
        assert 'aria-current="step"' in text_of(page)
        assert client.get(url(held, "step", f"{step}x")).status_code == 404

    def test_steps_lead_from_one_to_the_next_and_keep_answers(self, client: Client, held: Booking) -> None:
        for step, said in form_steps().items():
            answer = client.post(url(held, "step", step), said)
            assert answer.headers["Location"] == url(held, "step", STEPS[STEPS.index(step) + 1])
        back = text_of(client.get(url(held, "step", "facts")))
        assert "七月申请，至今未办结。" in back
        assert "has-error" not in back

    def test_step_with_something_missing_says_so_and_keeps_the_rest(self, client: Client, held: Booking) -> None:
        answer = client.post(url(held, "step", "facts"), {"facts": "只有事实", "elsewhere": "no"})
        assert answer.status_code == 422
        assert "请填写具体请求" in error_at(text_of(answer), "request")
        assert "只有事实" in text_of(client.get(url(held, "step", "facts")))

    def test_autosave_keeps_what_is_typed_until_it_is_submitted(self, client: Client, held: Booking) -> None:
        assert client.post(url(held, "keep", "demand"), {"title": "写到一半"}).status_code == 204
        assert "写到一半" in text_of(client.get(url(held, "step", "demand")))
        confirm(held)
        assert client.post(url(held, "keep", "demand"), {"title": "迟到"}).status_code == 409
        assert client.get(url(held, "keep", "demand")).status_code == 404

    @pytest.mark.parametrize(
        ("content", "says"),
        [(b"MZ\x90", "不是可接受的文件"), (PDF + bytes(policy.ATTACHMENT_BYTES_MAX), "超过 10 MB"), (b"", "空")],
    )
    def test_upload_refused_says_why_and_keeps_the_others(
        self, client: Client, held: Booking, content: bytes, says: str
    ) -> None:
        files = [upload(name="好的.pdf"), upload(content, "坏的.pdf")]
        answer = client.post(url(held, "step", "files"), {"attachments": files, "next": "1"})
        assert answer.status_code == 422
        assert says in error_at(text_of(answer), "attachments")
        assert "好的.pdf" in text_of(answer)

    def test_upload_kept_file_comes_back_as_a_download_and_can_be_removed(self, client: Client, held: Booking) -> None:
        client.post(url(held, "step", "files"), {"attachments": [upload()], "upload": "1"})
        file = held.attachments.get()
        answer = client.get(url(held, "file", file.pk))
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert b"".join(answer) == PDF
        other = take(held.sitting, 2)
        assert client.get(url(other, "file", file.pk)).status_code == 404
        client.get(url(held, "remove_file", file.pk))
        assert held.attachments.count() == 1
        client.post(url(held, "remove_file", file.pk))
        assert held.attachments.count() == 0

    def test_hold_that_ran_out_keeps_the_form_and_offers_the_next_number(
        self, client: Client, held: Booking, clock: Any
    ) -> None:
        client.post(url(held, "keep", "facts"), {"facts": "写了很久"})
        clock.shift(timedelta(minutes=16))
        answer = client.get(url(held, "step", "facts"))
        assert answer.headers["Location"] == url(held, "expired")
        assert "保留" in text_of(client.get(url(held, "expired")))
        again = client.post(url(held, "expired"))
        assert again.headers["Location"] == url(held, "step", "demand")
        assert "写了很久" in text_of(client.get(url(held, "step", "facts")))
        held.refresh_from_db()
        assert held.status == BookingStatus.HELD

    def test_hold_that_ran_out_keeps_what_the_late_press_sends(
        self, client: Client, held: Booking, clock: Any
    ) -> None:
        """Without a script nothing was kept before the press."""
        clock.shift(timedelta(minutes=16))
        client.post(url(held, "step", "facts"), {"facts": "最后一刻写完", "request": "请办结", "elsewhere": "no"})
        client.post(url(held, "expired"))
        assert "最后一刻写完" in text_of(client.get(url(held, "step", "facts")))

    def test_hold_that_ran_out_with_the_rest_gone_joins_the_line(
        self, client: Client, held: Booking, clock: Any
    ) -> None:
        clock.shift(timedelta(minutes=16))
        client.get(url(held))
        for serial in range(2, 7):
            take(held.sitting, serial, now=NOW + timedelta(minutes=16))
        assert "候补" in text_of(client.get(url(held, "expired")))
        assert client.post(url(held, "expired")).headers["Location"] == url(held)
        held.refresh_from_db()
        assert held.status == BookingStatus.WAITING

    def test_review_names_what_is_missing(self, client: Client, held: Booking) -> None:
        client.post(url(held, "step", "demand"), form_steps()["demand"])
        page = text_of(client.get(url(held, "step", "review")))
        assert "退税进度" in page
        assert "请填写事实与理由" in page
        answer = client.post(url(held, "step", "review"), {"consent": "on"})
        assert answer.status_code == 422
        assert Booking.objects.get().status == BookingStatus.HELD

    def test_review_without_consent_is_told_at_its_field(self, client: Client, held: Booking) -> None:
        fill(client, held)
        answer = client.post(url(held, "step", "review"), {})
        assert answer.status_code == 422
        assert "勾选同意" in error_at(text_of(answer), "consent")

    def test_submit_gives_the_slip_and_a_second_press_the_same(self, client: Client, held: Booking) -> None:
        fill(client, held)
        places = [client.post(url(held, "step", "review"), {"consent": "on"}).headers["Location"] for _press in "12"]
        assert places == [url(held)] * 2
        slip = text_of(client.get(url(held)))
        assert re.search(r'class="numeral">\s*1\s*<', slip)
        assert "具体时间、地点和场次将于坐诊前3日通知" in slip
        assert Message.objects.filter(kind="booking_confirmed").count() == 1


class TestHolder:
    pytestmark = pytest.mark.clause("[3.3]")

    def test_cancel_page_cancels_nothing_and_the_press_does(self, client: Client, held: Booking) -> None:
        confirm(held)
        assert client.get(url(held, "cancel")).status_code == 200
        assert Booking.objects.get().status == BookingStatus.CONFIRMED
        for _press in "12":
            assert client.post(url(held, "cancel")).headers["Location"] == url(held)
        assert Booking.objects.get().status == BookingStatus.CANCELLED
        assert "已取消" in text_of(client.get(url(held)))

    def test_cancel_after_the_session_began_is_refused(self, client: Client, held: Booking, clock: Any) -> None:
        confirm(held)
        clock.move_to(FIRST_SESSION, tick=False)
        answer = client.post(url(held, "cancel"))
        assert answer.status_code == 409
        assert "坐诊已开始" in text_of(answer)

    def test_given_up_number_is_offered_on_the_same_link(self, client: Client, full_sitting: Sitting) -> None:
        consent()
        waiting = wait(full_sitting, 6)
        assert "候补第" in text_of(client.get(url(waiting)))
        client.post(url(Booking.objects.get(slot__number=3), "cancel"))
        assert "轮到您了：3 号为您保留" in text_of(client.get(url(waiting)))
        fill(client, waiting)
        client.post(url(waiting, "step", "review"), {"consent": "on"})
        waiting.refresh_from_db()
        assert (waiting.status, waiting.number) == (BookingStatus.CONFIRMED, 3)

    @pytest.mark.clause("[5.2]")
    def test_pressure_report_is_kept_and_the_page_thanks(self, client: Client, held: Booking) -> None:
        assert client.get(url(held, "pressure")).status_code == 200
        assert client.post(url(held, "pressure"), {"content": ""}).status_code == 422
        assert client.post(url(held, "pressure"), {"content": "被要求撤回"}).status_code in (200, 302)
        assert PressureReport.objects.get().content == "被要求撤回"
