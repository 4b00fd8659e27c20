"""What an enterprise says on the phone while its demand is handled, and the desk writes down for it. [3.1] [3.7]"""

from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from appointments.views.common import ticket_url
from cases import services
from cases.models import Case, CaseFile, CaseSupplement
from cases.selectors import supplements_of, unsent_supplement
from core import policy
from core.errors import AlreadyDone, Refused
from core.models import AuditEntry, User
from notifications.models import Message
from tests.cases.conftest import LEAD, SEEN, close, done, working_day
from tests.cases.test_console import page_of, signed_in, text_of
from tests.cases.test_supplements import PDF, add, keep, paper
from tests.conftest import CAST, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.7]")]
SAME_START = True
WORDS = "七月三日提交，受理编号20260703001"


def write_down(case: Case, actor: User, text: str = WORDS, **options: Any) -> CaseSupplement:
    options.setdefault("now", working_day(3))
    return services.write_down_for_enterprise(case_id=case.pk, text=text, actor=actor, **options)


def refusal(case: Case, actor: User, *args: Any, **options: Any) -> str:
    with pytest.raises(Refused) as refused:
        write_down(case, actor, *args, **options)
    return refused.value.code


def test_departments_are_told_and_the_enterprise_reads_what_was_written_down(case: Case, cast: Cast) -> None:
    added = write_down(case, cast.bureau_staff, uploads=[paper()])
    assert supplements_of(case) == [added]
    assert {row.recipient for row in Message.objects.filter(kind="case_supplemented")} == {
        "department_staff",
        "department_head",
    }
    told = Message.objects.filter(kind="case_written_down")
    assert told
    assert all(WORDS in row.text and "材料 1 份" in row.text for row in told)
    entry = AuditEntry.objects.get(action="add_to_case")
    assert (entry.user, entry.after) == (cast.bureau_staff, str(added.pk))


def test_what_the_enterprise_has_typed_itself_stays_its_own(case: Case, cast: Cast) -> None:
    keep(case, "我还没写完", uploads=[paper("自己的.pdf")])
    added = write_down(case, cast.bureau_staff, uploads=[paper("窗口收的.pdf")])
    unsent = unsent_supplement(case)
    assert unsent is not None
    assert (unsent.text, [file.name for file in unsent.files.all()]) == ("我还没写完", ["自己的.pdf"])
    assert [file.name for file in added.files.all()] == ["窗口收的.pdf"]


def test_the_desk_uses_up_nothing_of_what_the_enterprise_may_add(case: Case, cast: Cast) -> None:
    for number in range(int(policy.SUPPLEMENTS_PER_HOUR.default) + 1):
        write_down(case, cast.bureau_staff, f"来电第 {number} 次")
    assert add(case).text


def test_the_same_words_once_more_are_already_there(case: Case, cast: Cast) -> None:
    write_down(case, cast.bureau_staff)
    with pytest.raises(AlreadyDone):
        write_down(case, cast.bureau_supervisor)
    assert CaseSupplement.objects.count() == 1


def test_refusals(case: Case, cast: Cast) -> None:
    desk = cast.bureau_staff
    assert refusal(case, desk, " \n") == "nothing_added"
    assert refusal(case, desk, uploads=[paper(f"{n}.pdf") for n in range(policy.ATTACHMENTS_MAX + 1)]) == (
        "too_many_files"
    )
    assert refusal(case, desk, uploads=[paper("a.exe", b"MZ")]) == "file_kind"
    assert refusal(case, desk, uploads=[paper("空.pdf", b"")]) == "file_empty"
    done(case, LEAD, cast.department_staff, desk)
    close(case, cast.bureau_supervisor)
    assert refusal(case, desk) == "closed"
    assert not CaseSupplement.objects.exists()
    assert not CaseFile.objects.exists()


def test_file_too_large_is_refused(case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "ATTACHMENT_BYTES_MAX", len(PDF) - 1)
    assert refusal(case, cast.bureau_staff, uploads=[paper()]) == "file_too_large"


@pytest.mark.parametrize("who", sorted(set(CAST) - {"bureau_staff", "bureau_supervisor"}))
def test_only_the_bureau_writes_down_for_an_enterprise(case: Case, cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        write_down(case, cast[who])
    assert not CaseSupplement.objects.exists()


def test_button_keeps_what_was_typed_beside_a_wrong_file_and_then_writes_it_down(case: Case, cast: Cast) -> None:
    with time_machine.travel(SEEN, tick=False):
        client = signed_in(cast.bureau_staff)
        page = reverse("console:cases_case_do", args=[case.pk, "added"])
        answer = client.post(page, {"text": WORDS, "attachments": [paper("a.exe", b"MZ")]})
        assert answer.status_code == 422
        assert WORDS in text_of(answer)
        assert "a.exe" in text_of(answer)
        assert client.post(page, {"text": WORDS, "attachments": [paper()]}).status_code == 302
        shown = text_of(client.get(page_of(case)))
    assert f"{cast.bureau_staff.full_name}代为登记" in shown
    assert WORDS in shown
    own = client.get(ticket_url(case.booking)).content.decode()
    assert "服务专窗代为登记" in own
    assert str(cast.bureau_staff.full_name) not in own
