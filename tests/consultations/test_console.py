"""The tablet's pages: the queue, the record by ordinary form, signing, the official form, and who gets what. [3.6]"""

import base64
import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from appointments.enums import QueueStatus
from appointments.models import Attachment, QueueEntry
from cases.enums import Outcome
from cases.models import Case
from consultations.models import Consultation, Signature, Version
from core.models import AuditEntry
from sessions_app.models import Sitting
from tests.appointments.day_steps import arrived, bring_entry_to
from tests.conftest import Cast
from tests.consultations.conftest import AT_TABLE, LEAD, keep, open_record, ready, signature, signed, whole
from tests.factories import department

pytestmark = [pytest.mark.clause("[3.6]"), pytest.mark.django_db]

PAGES = "/console/consultations/consultation/"
TABLE = f"{PAGES}table/"
# Whatever the queue holds: the user with their role, the session and its seat, line, records, tabs, drafts, chairs.
TABLE_QUERIES = 8
LIST_QUERIES = 4


@pytest.fixture(autouse=True)
def at_the_table() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(AT_TABLE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def head(client: Client, cast: Cast) -> Client:
    client.force_login(cast.department_head)
    return client


def page_of(record: Consultation, name: str) -> str:
    return f"{PAGES}{record.pk}/{name}/"


def sent(record: Consultation, **changes: Any) -> dict[str, Any]:
    """What the page's form sends."""
    record.refresh_from_db()
    key = department(LEAD).pk
    page = {
        "do": "keep",
        "revision": record.revision,
        "points": record.points,
        "visitors": record.visitors,
        "recorder": record.recorder,
        f"principal_{key}": "张三 局长",
        f"came_{key}": "yes",
    }
    return page | whole() | changes


def test_today_leads_to_the_session_that_runs(entry: QueueEntry, head: Client) -> None:
    answer = head.get(TABLE)
    assert answer.headers["Location"] == f"{TABLE}{entry.session_id}/"


def test_day_without_a_session_says_when_the_next_one_is_and_what_is_unsigned(
    record: Consultation, cast: Cast, client: Client, at_the_table: time_machine.Traveller
) -> None:
    at_the_table.move_to(AT_TABLE + timedelta(days=3))
    client.force_login(cast.department_head)
    page = client.get(TABLE).content.decode()
    assert "今天没有本部门的坐诊场次" in page
    assert page_of(record, "record") in page


def test_called_enterprise_is_received_by_a_press(entry: QueueEntry, head: Client) -> None:
    table = f"{TABLE}{entry.session_id}/"
    assert "开始接诊" in head.get(table).content.decode()
    answer = head.post(table, {"do": f"open:{entry.booking_id}"})
    record = Consultation.objects.get()
    assert answer.headers["Location"] == page_of(record, "record")
    entry.refresh_from_db()
    assert entry.status == QueueStatus.CONSULTING
    page = head.get(page_of(record, "record")).content.decode()
    for words in ("七月申请，至今未办结。", "张三 局长", "张建国（法定代表人）", f'data-revision="{record.revision}"'):
        assert words in page
    assert "<script>" not in page


def test_queue_is_run_from_the_tablet(sitting: Sitting, cast: Cast, head: Client) -> None:
    first, second = arrived(sitting, cast.bureau_staff, 1, 2)
    table = f"{TABLE}{first.session_id}/"
    head.post(table, {"do": "next", "desk": "1号桌"})
    head.post(table, {"do": f"again:{first.pk}"})
    head.post(table, {"do": f"pass:{first.pk}"})
    head.post(table, {"do": f"call:{second.pk}", "desk": "1号桌"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, first.calls, first.passes) == (QueueStatus.WAITING, 2, 1)
    assert (second.status, second.desk) == (QueueStatus.CALLED, "1号桌")


@pytest.mark.parametrize("press", ["", "next", "open:x", "open:987654", "nothing:1", "again:987654"])
def test_press_that_means_nothing_is_said_and_changes_nothing(entry: QueueEntry, head: Client, press: str) -> None:
    table = f"{TABLE}{entry.session_id}/"
    answer = head.post(table, {"do": press}, follow=True)
    assert answer.status_code == 200
    assert list(answer.context["messages"])
    assert not Consultation.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_table_costs_the_same_however_many_come(
    rows: int, sitting: Sitting, cast: Cast, head: Client, django_assert_num_queries: Any
) -> None:
    entries = arrived(sitting, cast.bureau_staff, *range(1, rows + 1))
    for entry in entries:
        open_record(bring_entry_to(QueueStatus.CALLED, entry, cast.bureau_staff), cast.department_head)
    head.get(f"{TABLE}{entries[0].session_id}/")
    with django_assert_num_queries(TABLE_QUERIES):
        head.get(f"{TABLE}{entries[0].session_id}/")


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_however_many_there_are(
    rows: int, sitting: Sitting, cast: Cast, head: Client, django_assert_num_queries: Any
) -> None:
    for entry in arrived(sitting, cast.bureau_staff, *range(1, rows + 1)):
        record = open_record(bring_entry_to(QueueStatus.CALLED, entry, cast.bureau_staff), cast.department_head)
        signed(record, cast.department_head)
    head.get(PAGES)
    with django_assert_num_queries(LIST_QUERIES):
        head.get(PAGES)


def test_form_is_kept_and_led_on_to_signing(record: Consultation, head: Client) -> None:
    assert head.post(page_of(record, "record"), sent(record)).status_code == 302
    record.refresh_from_db()
    assert (record.reply, record.solved_manner, record.revision) == ("退税将于本月办结。", "done", 1)
    answer = head.post(page_of(record, "record"), sent(record, do="check"))
    assert answer.headers["Location"] == page_of(record, "sign")


def test_what_is_missing_is_said_at_each_field_and_the_rest_is_kept(record: Consultation, head: Client) -> None:
    answer = head.post(page_of(record, "record"), sent(record, do="check", reply="", solved_result=""))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'id="problem-reply"' in page
    assert 'href="#box-solved_result"' in page
    record.refresh_from_db()
    assert record.solved_measures == "税源科当场复核并退税。"


def test_what_is_too_long_stays_on_the_page(record: Consultation, head: Client) -> None:
    answer = head.post(page_of(record, "record"), sent(record, reply="字" * 2001))
    assert answer.status_code == 422
    assert "字" * 2001 in answer.content.decode()
    record.refresh_from_db()
    assert record.reply == ""


def test_ticks_that_were_taken_off_are_taken_off(record: Consultation, cast: Cast, head: Client) -> None:
    keep(record, cast.department_head, assisting=[str(department("市统计局").pk)])
    head.post(page_of(record, "record"), sent(record, assisting=[]))
    assert not record.assisting.exists()


def test_second_hand_is_shown_both_and_saves_knowingly(record: Consultation, cast: Cast, head: Client) -> None:
    old = sent(record, reply="局长所写")
    keep(record, cast.department_staff, reply="经办人所写")
    answer = head.post(page_of(record, "record"), old)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "局长所写" in page
    assert "经办人所写" in page
    assert 'name="revision" value="1"' in page
    # What was not kept is not taken by the page's script for what was.
    assert "data-keep=" not in page
    assert Consultation.objects.get().reply == "经办人所写"
    head.post(page_of(record, "record"), old | {"revision": 1})
    assert Consultation.objects.get().reply == "局长所写"


@pytest.mark.parametrize("revision", ["", "x", "-5", "9" * 12, "²"])
def test_revision_that_is_none_overwrites_nothing_of_anothers(
    record: Consultation, cast: Cast, head: Client, revision: str
) -> None:
    keep(record, cast.department_staff, reply="经办人所写")
    assert head.post(page_of(record, "record"), sent(record, revision=revision, reply="改")).status_code == 409
    assert Consultation.objects.get().reply == "经办人所写"


def test_signing_takes_hands_and_signs_once(record: Consultation, cast: Cast, head: Client) -> None:
    ready(record, cast.department_head)
    record.refresh_from_db()
    assert "本件当日销号。" in head.get(page_of(record, "sign")).content.decode()
    hand = "data:image/png;base64," + base64.b64encode(signature()).decode()
    press = {"do": "sign", "revision": record.revision, "signature_enterprise": hand}
    assert head.post(page_of(record, "sign"), press).headers["Location"] == page_of(record, "change")
    head.post(page_of(record, "sign"), press)
    assert (Case.objects.count(), Version.objects.count(), Signature.objects.get().side) == (1, 1, "enterprise")
    page = head.get(page_of(record, "change")).content.decode()
    assert "已退税到账" in page or "退税已到账。" in page
    picture = head.get(f"{PAGES}{record.pk}/signature/enterprise/")
    assert b"".join(picture.streaming_content) == signature()
    assert picture.headers["Content-Type"] == "image/png"
    assert head.get(f"{PAGES}{record.pk}/signature/department/").status_code == 404


@pytest.mark.parametrize("hand", ["data:image/png;base64,!!", "data:text/html;base64,PGI+", "<svg/>"])
def test_hand_that_is_no_picture_stops_the_signing(record: Consultation, cast: Cast, head: Client, hand: str) -> None:
    ready(record, cast.department_head)
    record.refresh_from_db()
    press = {"do": "sign", "revision": record.revision, "signature_department": hand}
    assert head.post(page_of(record, "sign"), press).status_code == 422
    assert not Case.objects.exists()


def test_signing_what_another_changed_is_refused_on_the_page(record: Consultation, cast: Cast, head: Client) -> None:
    seen = ready(record, cast.department_head).revision
    keep(record, cast.department_staff, reply="改为下月办结。")
    answer = head.post(page_of(record, "sign"), {"do": "sign", "revision": seen})
    assert answer.status_code == 422
    assert "改为下月办结。" in answer.content.decode()
    assert not Case.objects.exists()


def test_draft_that_is_not_whole_is_not_read_for_signing(record: Consultation, head: Client) -> None:
    assert head.get(page_of(record, "sign")).headers["Location"] == page_of(record, "record")


def test_staff_keep_and_do_not_sign(record: Consultation, cast: Cast, client: Client) -> None:
    client.force_login(cast.department_staff)
    page = client.get(page_of(record, "record")).content.decode()
    assert "核对并签办" not in page
    assert client.get(page_of(record, "sign")).status_code == 403
    assert client.post(page_of(record, "record"), sent(record)).status_code == 302


def test_correction_keeps_the_first_version(record: Consultation, cast: Cast, head: Client) -> None:
    signed(record, cast.department_head)
    assert head.get(page_of(record, "correct")).status_code == 200
    assert head.post(page_of(record, "correct"), sent(record, reason="", reply="改")).status_code == 422
    press = {"do": "keep", "reason": "笔误", "reply": "退税将于下月办结。"}
    assert head.post(page_of(record, "correct"), press).status_code == 302
    page = head.get(page_of(record, "change")).content.decode()
    assert "更正：笔误" in page
    assert "退税将于下月办结。" in page
    assert Version.objects.count() == 2


def test_page_of_a_signed_record_leads_to_what_was_signed(record: Consultation, cast: Cast, head: Client) -> None:
    old = sent(record)
    signed(record, cast.department_head)
    for name in ("record", "sign"):
        assert head.get(page_of(record, name)).headers["Location"] == page_of(record, "change")
    assert head.post(page_of(record, "record"), old).headers["Location"] == page_of(record, "change")


def read_xml(content: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(content)  # noqa: S314 - written by ourselves


def test_word_is_the_official_form(record: Consultation, cast: Cast, head: Client) -> None:
    keep(record, cast.department_head, opinion="<认可> & 满意")
    signed(record, cast.department_head, Outcome.HANDED_OVER)
    answer = head.get(page_of(record, "word"))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, content in parts.items():
        if name.endswith((".xml", ".rels")):
            read_xml(content)
    words = "".join(read_xml(parts["word/document.xml"]).itertext())
    for said in ("“坐诊”服务工作记录表", "退税将于本月办结。", "责任单位：市税务局", "反馈期限：", "<认可> & 满意"):
        assert said in words
    assert b'w:eastAsia="zh-CN"' in parts["word/styles.xml"]
    assert AuditEntry.objects.filter(action="export_record").count() == 1


def test_word_carries_the_hands(record: Consultation, cast: Cast, head: Client) -> None:
    ready(record, cast.department_head)
    record.refresh_from_db()
    hand = "data:image/png;base64," + base64.b64encode(signature()).decode()
    head.post(page_of(record, "sign"), {"do": "sign", "revision": record.revision, "signature_enterprise": hand})
    written = Document(io.BytesIO(head.get(page_of(record, "word")).content))
    (shape,) = written.inline_shapes
    assert (shape.width, shape.height) == (Mm(50), Mm(17))
    key = shape._inline.graphic.graphicData.pic.blipFill.blip.embed
    assert written.part.related_parts[key].blob == signature()


def test_word_is_on_the_page_of_official_documents(record: Consultation, cast: Cast, head: Client) -> None:
    signed(record, cast.department_head)
    written = Document(io.BytesIO(head.get(page_of(record, "word")).content))
    section = written.sections[0]
    assert [round(side.mm) for side in (section.page_width, section.page_height)] == [210, 297]
    assert [round(side.mm) for side in (section.top_margin, section.left_margin)] == [37, 28]
    (table,) = written.tables
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    runs = [run for row in table.rows for run in row.cells[1].paragraphs[0].runs]
    fonts = {run._r.rPr.rFonts.get(qn("w:eastAsia")) for run in runs}
    assert fonts == {"仿宋_GB2312"}
    assert table.rows[0].cells[0].text == "期次、场次"
    assert [round(column.width.mm) for column in table.columns] == [34, 122]


def test_print_view_is_the_form_and_nothing_else(record: Consultation, cast: Cast, head: Client) -> None:
    page = head.get(page_of(record, "print")).content.decode()
    assert "“坐诊”服务工作记录表" in page
    assert "草稿，尚未签办" in page
    assert "退出登录" not in page


@pytest.mark.parametrize(
    ("who", "status"),
    [("department_head", 200), ("bureau_staff", 200), ("inspector", 200), ("other_department_staff", 404)],
)
def test_files_of_the_demand_are_for_who_sees_the_record(
    record: Consultation, cast: Cast, client: Client, who: str, status: int
) -> None:
    file = Attachment.objects.create(
        booking=record.booking,
        name="合同.pdf",
        content_type="application/pdf",
        size=5,
        file=SimpleUploadedFile("合同.pdf", b"%PDF-"),
    )
    client.force_login(cast[who])
    answer = client.get(f"{PAGES}{record.pk}/files/{file.pk}/")
    assert answer.status_code == status
    if status == 200:
        assert b"".join(answer.streaming_content) == b"%PDF-"


def test_second_record_of_a_session_starts_from_who_sat_at_the_first(
    sitting: Sitting, cast: Cast, record: Consultation
) -> None:
    key = department(LEAD).pk
    keep(record, cast.department_head, **{f"deputies_{key}": "李四 副局长", f"sections_{key}": "王五 科长"})
    (entry,) = arrived(sitting, cast.bureau_staff, 2)
    second = open_record(bring_entry_to(QueueStatus.CALLED, entry, cast.bureau_staff), cast.department_staff)
    row = second.attendances.get()
    assert (row.principal, row.deputies, row.sections) == ("张三 局长", "李四 副局长", "王五 科长")


def test_front_page_counts_what_is_to_sign(record: Consultation, cast: Cast, head: Client) -> None:
    assert "待签办的坐诊记录" in head.get("/console/").content.decode()
