"""The console's calendar pages: list, import, preview, confirmation, template."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from core import workdays
from core.models import CalendarYear, User

pytestmark = pytest.mark.django_db

LIST = "console:core_calendaryear_changelist"
IMPORT = "console:core_calendaryear_import"
CONFIRM = "console:core_calendaryear_confirm"
TEMPLATE = "console:core_calendaryear_template"
NUMBER = "国办发明电〔2026〕1号"
TEXT = "2027-01-01~2027-01-04 放假 元旦\n2027-02-14 调休上班"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="departments.backends.RoleBackend")
    return client


@pytest.fixture
def staff(cast) -> Client:
    return signed_in(cast.bureau_staff)


def sheet(*rows) -> SimpleUploadedFile:
    workbook = Workbook()
    workbook.active.append(["日期", "类型", "名称"])
    for row in rows:
        workbook.active.append(list(row))
    content = io.BytesIO()
    workbook.save(content)
    return SimpleUploadedFile("2027.xlsx", content.getvalue())


def previewed(client: Client, **changes):
    return client.post(reverse(IMPORT), {"year": 2027, "document_number": NUMBER, "text": TEXT} | changes)


def confirmation(page) -> dict:
    return {name: page.context["form"][name].value() for name in ("year", "document_number", "basis", "text")}


def test_the_list_shows_the_versions_and_offers_the_import(staff):
    page = staff.get(reverse(LIST))

    assert page.status_code == 200
    assert reverse(IMPORT) in page.text
    assert "国办发明电〔2025〕7号" in page.text


def test_a_version_page_lists_its_days_and_cannot_be_edited(staff):
    version = CalendarYear.objects.get(year=2026)
    url = reverse("console:core_calendaryear_change", args=[version.pk])

    assert "2026-02-15~2026-02-23 放假 春节" in staff.get(url).text
    assert staff.post(url, {"year": 2030}).status_code == 403


def test_the_history_of_a_version_is_the_versions_of_its_year(staff):
    version = CalendarYear.objects.get(year=2026)

    page = staff.get(reverse("console:core_calendaryear_history", args=[version.pk]))

    assert page.url == f"{reverse(LIST)}?year__exact=2026"
    assert [row.year for row in staff.get(page.url).context["cl"].result_list] == [2026]


def test_the_import_page_starts_with_the_next_estimated_year(staff):
    assert staff.get(reverse(IMPORT)).context["form"].initial == {"year": 2027}


def test_the_import_page_of_a_published_year_starts_with_its_list(staff):
    initial = staff.get(reverse(IMPORT), {"year": "2026"}).context["form"].initial

    assert initial["document_number"] == "国办发明电〔2025〕7号"
    assert "2026-02-14 调休上班 春节" in initial["text"]


@pytest.mark.parametrize("year", ["", "x", "99999", "１", "2027"])
def test_the_import_page_takes_any_year_in_its_address(staff, year):
    assert staff.get(reverse(IMPORT), {"year": year}).status_code == 200


def test_typed_lines_are_previewed_and_nothing_is_kept_until_confirmed(staff):
    page = previewed(staff)

    assert page.status_code == 200
    assert "2027年1月4日（周一）" in page.text
    assert "（端午节）是法定节假日，但未列为放假" in page.text
    assert CalendarYear.objects.get(year=2027).source == "estimated"


def test_a_confirmed_preview_is_in_force(staff):
    page = staff.post(reverse(CONFIRM), confirmation(previewed(staff)), follow=True)

    assert "2027 年工作日历已按通知更新，原版本已保留。" in page.text
    assert CalendarYear.objects.get(year=2027, in_force=True).document_number == NUMBER
    assert workdays.is_working_day(date(2027, 1, 4)) is False


def test_a_second_press_is_told_that_it_is_done(staff):
    given = confirmation(previewed(staff))
    staff.post(reverse(CONFIRM), given)

    page = staff.post(reverse(CONFIRM), given, follow=True)

    assert "2027 年的这份放假安排此前已导入，无需重复操作。" in page.text
    assert CalendarYear.objects.filter(year=2027).count() == 2


def test_going_back_from_the_preview_keeps_what_was_handed_in(staff):
    page = staff.post(reverse(CONFIRM), confirmation(previewed(staff)) | {"again": "返回修改"})

    assert page.status_code == 200
    assert "2027-02-14 调休上班" in page.text
    assert NUMBER in page.text
    assert CalendarYear.objects.get(year=2027).source == "estimated"


def test_a_workbook_is_previewed_and_confirmed(staff):
    page = previewed(staff, text="", file=sheet((date(2027, 1, 1), "放假", "元旦"), ("2027/1/4", "放假", "元旦")))

    staff.post(reverse(CONFIRM), confirmation(page))

    assert sorted(CalendarYear.objects.get(year=2027, in_force=True).exceptions) == ["2027-01-01", "2027-01-04"]


def test_what_the_confirmation_carries_is_checked_again(staff):
    given = confirmation(previewed(staff)) | {"text": "2027-02-15 调休上班"}

    page = staff.post(reverse(CONFIRM), given)

    assert page.status_code == 422
    assert "2027-02-15 不是周六或周日，不能列为调休上班。" in page.text
    assert CalendarYear.objects.get(year=2027).source == "estimated"


def test_a_stale_preview_is_refused_and_what_was_typed_stays(staff):
    given = confirmation(previewed(staff))
    staff.post(reverse(CONFIRM), confirmation(previewed(staff, text="2027-01-01 放假 元旦")))

    page = staff.post(reverse(CONFIRM), given)

    assert page.status_code == 422
    assert "预览之后该年度日历已被他人更新" in page.text
    assert "2027-02-14 调休上班" in page.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"text": "2027-02-15 调休上班\n乱写"}, "有 2 处需要修改"),
        ({"text": ""}, "请上传文件或填写文本，二者任选其一。"),
        ({"document_number": ""}, "errorlist"),
        ({"year": "明年"}, "errorlist"),
        ({"year": 2035, "text": "2035-01-01 放假 元旦"}, "只能导入 2004 至 2029 年"),
        ({"text": "<script>alert(1)</script>"}, "日期无法识别"),
        ({"text": "2027-01-01 放假 元旦\n" * 1500}, "errorlist"),
        ({"text": "2027-01-01 放假 元旦\n" * 900}, "超过 400 行"),
    ],
)
def test_a_bad_list_is_refused_whole_and_what_was_typed_stays(staff, changes, sentence):
    page = previewed(staff, **changes)

    assert page.status_code == 422
    assert sentence in page.text
    assert "<script>alert" not in page.text
    assert CalendarYear.objects.filter(in_force=True, year=2027).get().source == "estimated"


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"x" * (1024 * 1024 + 5)])
def test_a_hostile_upload_is_refused_with_a_sentence(staff, content):
    page = previewed(staff, text="", file=SimpleUploadedFile("2027.xlsx", content))

    assert page.status_code == 422


def test_file_and_text_together_are_refused(staff):
    page = previewed(staff, file=sheet((date(2027, 1, 1), "放假", "元旦")))

    assert "请上传文件或填写文本，二者任选其一。" in page.text


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_confirmation_without_content_goes_back_to_the_import(staff, method):
    page = getattr(staff, method)(reverse(CONFIRM))

    assert page.url == reverse(IMPORT)


def test_the_template_is_a_download_that_opens(staff):
    page = staff.get(reverse(TEMPLATE))

    assert page["Content-Disposition"].startswith("attachment;")
    assert load_workbook(io.BytesIO(page.content)).sheetnames == ["放假安排", "填写说明"]


@pytest.mark.parametrize("name", [IMPORT, CONFIRM, TEMPLATE])
def test_only_the_bureau_may_import(cast, name):
    allowed = {who for who, user in cast.items() if signed_in(user).get(reverse(name)).status_code != 403}

    assert allowed == {"bureau_staff", "bureau_supervisor"}


def test_a_confirmation_by_who_may_not_import_changes_nothing(cast, staff):
    given = confirmation(previewed(staff))

    assert signed_in(cast.inspector).post(reverse(CONFIRM), given).status_code == 403
    assert CalendarYear.objects.get(year=2027).source == "estimated"


@pytest.mark.parametrize(("who", "status"), [("inspector", 200), ("window_clerk", 403), ("leader", 403)])
def test_the_list_is_for_who_may_look_and_offers_them_no_import(cast, who, status):
    page = signed_in(cast[who]).get(reverse(LIST))

    assert page.status_code == status
    assert reverse(IMPORT) not in page.text


@pytest.mark.parametrize("name", [LIST, IMPORT, TEMPLATE])
def test_nobody_signed_in_is_sent_to_sign_in(client, name):
    assert client.get(reverse(name)).status_code == 302


def test_the_pages_keep_the_content_security_policy(staff):
    for page in (staff.get(reverse(LIST)), staff.get(reverse(IMPORT)), previewed(staff)):
        body = page.text.split("<main", 1)[-1]
        assert " style=" not in body
        assert "<script>" not in body
        assert " onclick=" not in body
