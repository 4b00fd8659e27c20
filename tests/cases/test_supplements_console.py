"""What an enterprise added to its case, on the page of the case and as a download. [3.7]"""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases import services
from cases.models import Case, CaseFile
from cases.selectors import supplements_of
from core.models import AuditEntry
from tests.cases.conftest import SEEN
from tests.cases.test_console import page_of, signed_in, text_of
from tests.conftest import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.7]")]
SAME_START = True
PDF = b"%PDF-1.4 \n%%EOF"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(SEEN, tick=False) as clock:
        yield clock


def add(case: Case, text: str) -> None:
    paper = SimpleUploadedFile(f"{text}.pdf", PDF)
    services.add_to_case(case_id=case.pk, text=f"{text}提交。", uploads=[paper], submission=text, now=SEEN)


def file_page(file: CaseFile) -> str:
    return reverse("admin:cases_case_added_file", args=[file.supplement.case_id, file.pk])


def test_department_reads_what_was_added_on_the_page_of_the_case(case: Case, cast: Cast) -> None:
    client = signed_in(cast.department_staff)
    assert "企业办理中的补充" not in text_of(client.get(page_of(case)))
    add(case, "七月")
    add(case, "八月")
    services.keep_unsent(case_id=case.pk, text="没有提交的话", now=SEEN)
    shown = text_of(client.get(page_of(case)))
    assert "企业办理中的补充 2 次" in shown
    assert shown.index("八月提交。") < shown.index("七月提交。")
    assert file_page(CaseFile.objects.get(name="七月.pdf")) in shown
    assert "没有提交的话" not in shown


def test_file_is_a_download_that_is_kept_in_the_trail(case: Case, cast: Cast) -> None:
    add(case, "七月")
    file = CaseFile.objects.get()
    answer = signed_in(cast.department_staff).get(file_page(file))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    entry = AuditEntry.objects.get(action="download_case_file")
    assert (entry.user, entry.after) == (cast.department_staff, str(file.pk))


@pytest.mark.parametrize(("who", "status"), [("inspector", 200), ("other_department_staff", 404), ("leader", 403)])
def test_file_opens_for_who_sees_the_case(case: Case, cast: Cast, who: str, status: int) -> None:
    add(case, "七月")
    answer = signed_in(cast[who]).get(file_page(CaseFile.objects.get()))
    assert answer.status_code == status
    if answer.streaming:
        list(answer)


def test_file_that_was_not_sent_is_nobodys_to_read(case: Case, cast: Cast) -> None:
    paper = SimpleUploadedFile("未提交.pdf", PDF)
    services.keep_unsent(case_id=case.pk, text="", uploads=[paper], now=SEEN)
    client: Client = signed_in(cast.bureau_supervisor)
    assert client.get(file_page(CaseFile.objects.get())).status_code == 404


def test_what_was_added_costs_the_same_however_much_it_is(case: Case, django_assert_num_queries: Any) -> None:
    """Its share of the page: the sent ones, and the files of all of them."""
    for texts in (("一",), ("二", "三")):
        for text in texts:
            add(case, text)
        with django_assert_num_queries(2):
            [list(row.files.all()) for row in supplements_of(case)]
