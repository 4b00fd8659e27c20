"""The page on which an enterprise adds to its case: no cookie, nothing typed is lost, nothing is sent twice. [3.7]"""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from appointments.models import Booking
from cases.models import Case, CaseFile, CaseSupplement
from cases.selectors import supplements_of, unsent_supplement
from notifications.models import Message
from sessions_app.models import Sitting
from tests.appointments.conftest import accept, confirm, take
from tests.appointments.test_public_pages import controls
from tests.cases.conftest import (
    booking,
    case,
    cast,
    hand_over,
    handled,
    kept_start,
    own_start,
    sitting,
)
from tests.conftest import Cast
from tests.factories import moment

__all__ = ["booking", "case", "cast", "kept_start", "own_start", "sitting"]
SAME_START = True
pytestmark = [pytest.mark.clause("[3.7]"), pytest.mark.django_db]
PDF = b"%PDF-1.4 \n%%EOF"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """The morning after the consultation."""
    with time_machine.travel(moment("2026-11-27 10:00"), tick=False) as traveller:
        cache.clear()
        yield traveller


@pytest.fixture
def client() -> Client:
    """As strict as a real server: a public form must work without a token and without a cookie."""
    return Client(enforce_csrf_checks=True)


def own(case: Case, *below: Any) -> str:
    return "/".join(map(str, ["", "b", case.booking.ticket_secret, *below, ""]))


def adding(case: Case) -> str:
    return own(case, "case", "add")


def paper(name: str = "回执.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def token(client: Client, case: Case) -> str:
    return controls(client.get(adding(case)))["submission"]


def test_added_words_and_file_stand_on_the_page_and_are_told(client: Client, case: Case) -> None:
    sent = {"text": "七月三日提交。", "submission": token(client, case), "attachments": paper()}
    answer = client.post(adding(case), sent, follow=True)
    assert answer.redirect_chain == [(f"{own(case)}#added", 302)]
    shown = text_of(answer)
    for words in ("七月三日提交。", "回执.pdf", "已提交，承办部门可以看到"):
        assert words in shown
    assert not answer.cookies
    assert Message.objects.filter(kind="case_supplemented").count() == 2


def test_same_press_twice_is_one(client: Client, case: Case) -> None:
    page = token(client, case)
    for _press in range(2):
        answer = client.post(adding(case), {"text": "七月。", "submission": page, "attachments": paper()})
        assert (answer.status_code, answer["Location"]) == (302, f"{own(case)}#added")
    assert (CaseSupplement.objects.count(), CaseFile.objects.count()) == (1, 1)


def test_upload_keeps_the_words_and_can_be_reloaded(client: Client, case: Case) -> None:
    said = {"text": "还没写完", "upload": "1", "attachments": paper(), "submission": token(client, case)}
    answer = client.post(adding(case), said, follow=True)
    assert answer.redirect_chain == [(adding(case), 302)]
    shown = text_of(answer)
    assert "还没写完</textarea>" in shown
    assert "已上传 1 份，尚未提交" in shown
    assert not supplements_of(case)
    page = text_of(client.get(own(case)))
    assert "有填写了还没有提交的补充" in page
    assert "回执.pdf" not in page


def test_wrong_file_is_said_and_everything_else_is_kept(client: Client, case: Case) -> None:
    said = {"text": "七月。", "submission": token(client, case), "attachments": [paper(), paper("a.exe", b"MZ")]}
    answer = client.post(adding(case), said)
    assert answer.status_code == 422
    shown = text_of(answer)
    assert "“a.exe”不是可接受的文件" in shown
    assert "七月。</textarea>" in shown
    assert "已上传 1 份，尚未提交" in shown
    assert not supplements_of(case)
    client.post(adding(case), {"text": "七月。", "submission": said["submission"]})
    (sent,) = supplements_of(case)
    assert [file.name for file in sent.files.all()] == ["回执.pdf"]


def test_nothing_is_said_to_be_nothing(client: Client, case: Case) -> None:
    answer = client.post(adding(case), {"text": " ", "submission": token(client, case)})
    assert answer.status_code == 422
    assert "请填写补充的事实，或选择要补充的材料。" in text_of(answer)


def test_too_long_words_are_kept_and_said(client: Client, case: Case) -> None:
    answer = client.post(adding(case), {"text": "长" * 2001, "submission": ""})
    assert answer.status_code == 422
    unsent = unsent_supplement(case)
    assert unsent is not None
    assert len(unsent.text) == 2000


def test_too_often_keeps_what_was_typed(client: Client, case: Case) -> None:
    for number in range(5):
        assert client.post(adding(case), {"text": f"第{number}次"}).status_code == 302
    answer = client.post(adding(case), {"text": "第六次"})
    assert answer.status_code == 422
    assert "补充较为频繁，请 60 分钟后再提交" in text_of(answer)
    assert "第六次</textarea>" in text_of(client.get(adding(case)))


def test_typing_is_saved_in_passing(client: Client, case: Case) -> None:
    keep = own(case, "case", "add", "keep")
    assert client.get(keep).status_code == 404
    assert client.post(keep, {"text": "正在写"}).status_code == 204
    assert "正在写</textarea>" in text_of(client.get(adding(case)))


def test_own_files_are_downloads_and_others_are_not_found(
    client: Client, case: Case, sitting: Sitting, cast: Cast
) -> None:
    client.post(adding(case), {"text": "", "attachments": paper()})
    file = CaseFile.objects.get()
    answer = client.get(own(case, "case", "files", file.pk))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    another = hand_over(accept(confirm(take(sitting, 2)), cast.bureau_staff), cast.department_head)
    assert client.get(own(another, "case", "files", file.pk)).status_code == 404


def test_uploaded_file_is_removed_by_a_press_only(client: Client, case: Case) -> None:
    client.post(adding(case), {"text": "", "upload": "1", "attachments": paper()})
    remove = own(case, "case", "files", CaseFile.objects.get().pk, "remove")
    assert client.get(remove).status_code == 302
    assert CaseFile.objects.exists()
    assert client.post(remove).status_code == 302
    assert not CaseFile.objects.exists()


def test_closed_case_says_where_to_turn_and_gives_the_words_back(client: Client, case: Case, cast: Cast) -> None:
    page = token(client, case)
    handled(case, cast)
    assert "不再接收补充" in text_of(client.get(adding(case)))
    answer = client.post(adding(case), {"text": "来晚了的话", "submission": page})
    assert answer.status_code == 409
    for words in ("您填写的内容没有提交", "来晚了的话", "向服务专窗咨询", "查看下一期坐诊"):
        assert words in text_of(answer)
    assert client.post(own(case, "case", "add", "keep"), {"text": "x"}).status_code == 409
    shown = text_of(client.get(own(case)))
    assert adding(case) not in shown
    assert "向服务专窗咨询" in shown


def test_before_the_consultation_there_is_nothing_to_add_to(client: Client, booking: Booking) -> None:
    for below in ("add", "add/keep", "files/1", "files/1/remove"):
        for method in (client.get, client.post):
            assert method(f"/b/{booking.ticket_secret}/case/{below}/").status_code == 404


def test_adding_page_costs_the_same_however_many_files(
    client: Client, case: Case, django_assert_num_queries: Any
) -> None:
    for count in (1, 3):
        client.post(adding(case), {"text": "", "upload": "1", "attachments": paper(f"{count}.pdf")})
        with django_assert_num_queries(6):
            client.get(adding(case))
