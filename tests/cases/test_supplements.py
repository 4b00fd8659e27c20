"""What the enterprise adds to its case: kept while it is typed, sent once, told to who handles it. [3.7]"""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from cases import services
from cases.models import Case, CaseFile, CaseSupplement
from cases.selectors import supplements_of, unsent_supplement
from core import policy
from core.errors import AlreadyDone, Refused
from core.models import AuditEntry
from notifications.models import Message
from sessions_app.models import Sitting
from tests.appointments.conftest import accept, confirm, take
from tests.cases.conftest import (
    accept_feedback,
    give_feedback,
    hand_over,
    handled,
    make_plan,
    part,
    working_day,
)
from tests.conftest import Cast

pytestmark = pytest.mark.clause("[3.7]")
SAME_START = True
PDF = b"%PDF-1.4 \n%%EOF"
TOLD = "case_supplemented"


def paper(name: str = "回执.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def add(case: Case, text: str = "七月三日提交。", *, number: int = 3, **options: Any) -> CaseSupplement:
    options.setdefault("submission", f"page of {text}")
    options.setdefault("now", working_day(number))
    return services.add_to_case(case_id=case.pk, text=text, **options)


def keep(case: Case, text: str = "还没写完", *, number: int = 3, **options: Any) -> list[str]:
    return services.keep_unsent(case_id=case.pk, text=text, now=options.pop("now", working_day(number)), **options)


def refusal(case: Case, *args: Any, **options: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        add(case, *args, **options)
    return refused.value


def told() -> list[Message]:
    return list(Message.objects.filter(kind=TOLD).order_by("pk"))


def test_added_facts_and_files_are_the_departments_to_see(joint: Case) -> None:
    sent = add(joint, uploads=[paper(), paper("照片.png", b"\x89PNG\r\n\x1a\n" + bytes(20))])
    (shown,) = supplements_of(joint)
    assert (shown.pk, shown.text, shown.added_at) == (sent.pk, "七月三日提交。", working_day(3))
    assert [file.name for file in shown.files.all()] == ["回执.pdf", "照片.png"]
    assert {message.recipient for message in told()} == {
        "department_staff",
        "department_head",
        "other_department_staff",
    }
    assert "附材料 2 份" in told()[0].text
    assert "七月三日提交" not in told()[0].text
    entry = AuditEntry.objects.get(action="add_to_case")
    assert (entry.by, entry.subject, entry.after) == ("holder", f"cases.case:{joint.pk}", str(sent.pk))


def test_file_alone_and_words_alone_are_enough(case: Case) -> None:
    add(case, "", uploads=[paper()])
    add(case, "另有一事。")
    assert [(row.text, row.files.count()) for row in supplements_of(case)] == [("", 1), ("另有一事。", 0)]


@pytest.mark.parametrize("text", ["", "  \n", "\0"])
def test_nothing_is_not_sent(case: Case, text: str) -> None:
    assert refusal(case, text).code == "nothing_added"
    assert not CaseSupplement.objects.exists()


def test_bureau_hears_when_the_departments_have_answered(case: Case, cast: Cast) -> None:
    make_plan(part(case), cast.department_staff)
    give_feedback(part(case), cast.department_staff)
    add(case, number=8)
    recipients = {message.recipient for message in told()}
    assert {"department_staff", "bureau_staff", "bureau_supervisor"} <= recipients
    accept_feedback(part(case), cast.bureau_staff)
    add(case, "再补一句。", number=9)
    assert len(supplements_of(case)) == 2


def test_pressed_twice_is_sent_once(case: Case) -> None:
    uploads = [paper()]
    add(case, uploads=uploads)
    for again in (uploads, [paper()]):
        with pytest.raises(AlreadyDone):
            add(case, uploads=again)
    assert (CaseSupplement.objects.count(), CaseFile.objects.count(), len(told())) == (1, 1, 2)


def test_other_words_from_the_same_page_are_another(case: Case) -> None:
    """Who goes back by the back key and adds something loses nothing."""
    add(case, "一", submission="page")
    add(case, "一，还有二", submission="page")
    assert [row.text for row in supplements_of(case)] == ["一", "一，还有二"]


def test_database_takes_a_submission_once_and_one_unsent_row(case: Case) -> None:
    sent = add(case)
    columns = {"case": case, "text": "x", "added_at": working_day(3), "submission_digest": sent.submission_digest}
    with pytest.raises(IntegrityError, match="submission"), transaction.atomic():
        CaseSupplement.objects.create(**columns)
    keep(case)
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseSupplement.objects.create(case=case)


def test_typed_words_and_uploaded_files_wait_until_they_are_sent(case: Case) -> None:
    assert keep(case, "还没写完\0", uploads=[paper()]) == []
    unsent = unsent_supplement(case)
    assert unsent is not None
    assert (unsent.text, [file.name for file in unsent.files.all()]) == ("还没写完", ["回执.pdf"])
    assert not supplements_of(case)
    assert not told()
    sent = add(case, "写完了。", uploads=[paper("二.pdf")])
    assert sent.pk == unsent.pk
    assert [file.name for file in sent.files.all()] == ["回执.pdf", "二.pdf"]
    assert unsent_supplement(case) is None


def test_words_saved_in_passing_that_arrive_after_they_were_sent_are_nothing(case: Case) -> None:
    add(case, "七月三日提交。")
    keep(case, "七月三日")
    assert unsent_supplement(case) is None
    keep(case, "七月三日", now=working_day(3) + timedelta(minutes=2))
    assert unsent_supplement(case) is not None


def test_wrong_file_is_told_and_the_others_are_kept(case: Case) -> None:
    problems = keep(case, "说明", uploads=[paper("a.exe", b"MZ"), paper(), paper("空.pdf", b"")])
    assert ["a.exe" in problems[0], "空文件" in problems[1]] == [True, True]
    unsent = unsent_supplement(case)
    assert unsent is not None
    assert [file.name for file in unsent.files.all()] == ["回执.pdf"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("a.exe", b"MZ", "file_kind"), ("空.pdf", b"", "file_empty"), ("假.pdf", b"<html>", "file_kind")],
)
def test_nothing_is_sent_with_a_wrong_file(case: Case, name: str, content: bytes, code: str) -> None:
    assert refusal(case, uploads=[paper(), paper(name, content)]).code == code
    assert not CaseFile.objects.exists()
    assert not told()


def test_file_too_large_is_refused(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "ATTACHMENT_BYTES_MAX", len(PDF) - 1)
    assert refusal(case, uploads=[paper()]).code == "file_too_large"


def test_no_more_than_five_files_at_a_time(case: Case) -> None:
    assert keep(case, "", uploads=[paper(f"{n}.pdf") for n in range(7)]) == ["每次最多补充 5 个文件。"] * 2
    assert refusal(case, "说明", uploads=[paper()]).code == "too_many_files"
    assert add(case, "说明").files.count() == policy.ATTACHMENTS_MAX


def test_file_can_be_taken_back_until_it_is_sent(case: Case, django_capture_on_commit_callbacks: Any) -> None:
    keep(case, "", uploads=[paper("一.pdf"), paper("二.pdf")])
    first, second = CaseFile.objects.order_by("pk")
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_file(case_id=case.pk, file_id=first.pk)
        services.remove_file(case_id=case.pk, file_id=first.pk)  # gone already
    assert not default_storage.exists(first.file.name)
    add(case, "说明")
    services.remove_file(case_id=case.pk, file_id=second.pk)
    assert CaseFile.objects.get() == second


def test_file_of_another_case_cannot_be_taken_away(case: Case, sitting: Sitting, cast: Cast) -> None:
    keep(case, "", uploads=[paper()])
    another = hand_over(accept(confirm(take(sitting, 2)), cast.bureau_staff), cast.department_head)
    services.remove_file(case_id=another.pk, file_id=CaseFile.objects.get().pk)
    assert CaseFile.objects.exists()


def test_too_often_within_an_hour_says_how_long_to_wait(case: Case) -> None:
    for number in range(5):
        add(case, f"第{number}次")
    assert "60 分钟后" in str(refusal(case, "第六次").message)
    assert refusal(case, "第六次").code == "too_often"
    add(case, "一小时后", now=working_day(3) + timedelta(hours=1))


def test_case_takes_so_many_and_then_points_to_the_window(case: Case) -> None:
    start = working_day(3)
    for number in range(policy.CASE_SUPPLEMENTS_MAX):
        add(case, f"第{number}次", now=start + timedelta(hours=number))
    last = refusal(case, "再一次", now=start + timedelta(days=9))
    assert (last.code, "服务专窗" in str(last.message)) == ("too_many", True)


def test_closed_case_takes_nothing_and_says_where_to_turn(case: Case, cast: Cast) -> None:
    keep(case, "还没写完", uploads=[paper()])
    sent = add(case, "已发出")
    handled(case, cast)
    closed = refusal(case, "来晚了", number=11)
    assert (closed.code, "服务专窗" in str(closed.message)) == ("closed", True)
    for late in (lambda: keep(case), lambda: services.remove_file(case_id=case.pk, file_id=1)):
        with pytest.raises(Refused, match="closed"):
            late()
    with pytest.raises(AlreadyDone):  # the second press of what was sent in time
        add(case, "已发出")
    assert supplements_of(case) == [sent]


def test_what_was_never_sent_is_forgotten_after_thirty_days(
    case: Case, django_capture_on_commit_callbacks: Any
) -> None:
    add(case, "已发出", uploads=[paper("一.pdf")])
    keep(case, "没有发出", uploads=[paper("二.pdf")], number=4)
    stored = CaseFile.objects.get(name="二.pdf").file.name
    assert services.forget_unsent(working_day(4) + timedelta(days=30)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert services.forget_unsent(working_day(4) + timedelta(days=30, minutes=1)) == 1
    assert not default_storage.exists(stored)
    assert [row.text for row in CaseSupplement.objects.all()] == ["已发出"]
    assert CaseFile.objects.get().name == "一.pdf"
