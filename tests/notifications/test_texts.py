"""Words with variables: the file's, the bureau's own, and those of approved SMS templates. [3.5]"""

import pytest
from django.core.exceptions import ValidationError

from notifications import kinds, services
from notifications.channels import fill
from notifications.enums import Channel, MessageStatus
from notifications.models import MessageText, SmsTemplate
from tests.house.source import ROOT
from tests.notifications.conftest import NOW, make_message, told
from tests.notifications.servers.aliyun import Aliyun
from tests.notifications.servers.tencent import Tencent
from tests.notifications.test_outbox_console import signed_in

pytestmark = [pytest.mark.clause("[3.5]"), pytest.mark.django_db]
TEMPLATES = "/console/notifications/smstemplate/"
TEXTS = "/console/notifications/messagetext/"
VALUES = {"company": "安宁甲公司", "title": "第23期", "number": "3", "reference": "R1", "day": "11月26日"}


def template(provider: str, text: str, *, code: str = "SMS_1", approved: bool = True) -> SmsTemplate:
    return SmsTemplate.objects.create(
        kind="booking_confirmed", provider=provider, text=text, signature="安宁政务", code=code, approved=approved
    )


# Read in the console only: no provider's template, and no words of the bureau's own.
SAID_TO_STAFF = {
    "case_assigned",
    "case_assigned_again",
    "case_supplemented",
    "case_taken_elsewhere",
    "case_urged",
    "case_withdrawn",
    "cases_merged",
    "cases_unmerged",
    "common_opened",
    "common_settled",
    "deadline_moved",
    "deadline_step",
    "extension_ruled",
    "extension_to_decide",
    "feedback_returned",
    "feedback_to_decide",
    "follow_up_assigned",
    "follow_up_joined",
    "follow_up_opened",
    "follow_up_taken",
    "follow_up_unrectified",
    "inquiry_due",
    "inquiry_passed",
    "list_sent",
    "no_place_left",
    "objection_ruled",
    "objection_to_decide",
    "pressure_reported",
    "referral_decided",
    "referral_proposed",
    "report_approved",
    "report_issued",
    "report_sent_back",
    "results_published",
    "results_sent_back",
    "results_withdrawn",
    "sitting_ended_unseen",
    "solved_confirmed",
    "solved_declined",
    "typical_news",
    "typical_published",
    "typical_sent_back",
    "typical_withdrawn",
    "verification_asked",
}


def test_every_file_of_words_has_a_kind_that_renders_with_its_samples() -> None:
    files = {path.stem for path in (ROOT / "templates" / "notices").glob("*.txt")}
    assert files - set(kinds.kinds) == SAID_TO_STAFF
    for name in kinds.kinds:
        heading, text = services.file_words(name)
        assert heading
        for variable in kinds.kinds[name].variables:
            shown = services.sample(name, str(variable.sample))
            assert shown in text, f"{name} does not tell {variable.name}"
        assert "{{" not in text


def test_sms_takes_the_approved_wording_with_its_variables_in_order(aliyun_server: Aliyun) -> None:
    template("aliyun", "{{title}}，{{company}}预约成功，{{number}}号。")
    message = told(channel=Channel.SMS, recipient="13800000001", variables=VALUES)
    assert message.text == "第23期，安宁甲公司预约成功，3号。"
    assert message.variables == [["title", "第23期"], ["company", "安宁甲公司"], ["number", "3"]]
    services.send_due(NOW)
    assert aliyun_server.accepted[0]["TemplateParam"] == {"title": "第23期", "company": "安宁甲公司", "number": "3"}


def test_link_of_an_sms_is_filled_in_only_when_sending(tencent_server: Tencent, settings) -> None:
    template("tencent", "{{company}}：{{ticket}}", code="1001")
    message = told(channel=Channel.SMS, recipient="13800000001", variables=VALUES, link_seed="seed")
    assert message.variables == [["company", "安宁甲公司"], ["ticket", "{{ticket}}"]]
    services.send_due(NOW)
    link = tencent_server.accepted[0]["TemplateParamSet"][1]
    assert link.startswith(f"{settings.PUBLIC_BASE_URL}/b/")
    message.refresh_from_db()
    assert link not in str(message.variables) + message.text
    assert link in fill(message)


def test_new_wording_waits_for_its_code_and_the_old_one_stays_in_force(aliyun_server: Aliyun) -> None:
    template("aliyun", "旧：{{company}}")
    fresh = template("aliyun", "新：{{company}}", code="", approved=False)
    first = told(channel=Channel.SMS, recipient="13800000001", variables=VALUES)
    fresh.code, fresh.approved = "SMS_2", True
    fresh.save()
    second = told(channel=Channel.SMS, recipient="13800000001", variables=VALUES)
    assert (first.template_code, first.text) == ("SMS_1", "旧：安宁甲公司")
    assert (second.template_code, second.text) == ("SMS_2", "新：安宁甲公司")


def test_sms_without_an_approved_template_fails_and_goes_out_once_there_is_one(cast, aliyun_server: Aliyun) -> None:
    message = told(channel=Channel.SMS, recipient="13800000001", variables=VALUES)
    services.send_due(NOW)
    message.refresh_from_db()
    assert message.status == MessageStatus.FAILED
    assert aliyun_server.accepted == []
    template("aliyun", "{{company}}，{{number}}号")
    services.send_again(message_id=message.pk, actor=cast.bureau_staff, now=NOW)
    services.send_due(NOW)
    message.refresh_from_db()
    assert (message.status, message.text) == (MessageStatus.SENT, "安宁甲公司，3号")


def test_own_text_takes_the_place_of_the_files_where_no_approval_is_needed() -> None:
    MessageText.objects.create(kind="booking_confirmed", channel=Channel.EMAIL, heading="", text="{{company}}您好")
    mail = told(variables=VALUES)
    sms = told(channel=Channel.SMS, variables=VALUES)
    call = told(channel=Channel.PHONE, variables=VALUES)
    assert (mail.heading, mail.text) == ("预约成功", "安宁甲公司您好")
    assert (sms.text, call.text) == ("您已预约。", "您已预约。")


def test_emptied_text_is_the_files_again() -> None:
    MessageText.objects.create(kind="booking_confirmed", channel=Channel.EMAIL)
    assert told(variables=VALUES).text == "您已预约。"


def test_what_an_enterprise_typed_is_no_variable() -> None:
    MessageText.objects.create(kind="booking_confirmed", channel=Channel.EMAIL, text="{{company}}")
    assert told(variables=VALUES | {"company": "{{number}}"}).text == "{{number}}"


@pytest.mark.parametrize(("characters", "parts"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4)])
def test_sms_parts(characters: int, parts: int) -> None:
    assert kinds.sms_parts(characters) == parts


def test_wording_as_each_provider_writes_it() -> None:
    text = "{{title}}，{{ company }}，{{title}}"
    assert kinds.as_provider_writes("aliyun", text) == "${title}，${company}，${title}"
    assert kinds.as_provider_writes("tencent", text) == "{1}，{2}，{1}"


def test_approved_template_without_a_code_is_refused() -> None:
    with pytest.raises(ValidationError, match="须填写模板编号"):
        SmsTemplate(kind="waiting", provider="aliyun", text="x", signature="x", approved=True).full_clean()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{{company}}的{{mobile}}", "没有变量 {{mobile}}"),
        ("{{company}}的{{checkin}}", "没有变量 {{checkin}}"),
        ("{{company}的", "变量的括号不完整"),
    ],
)
@pytest.mark.parametrize("page", [TEMPLATES, TEXTS])
def test_unknown_variable_is_refused_at_its_field(cast, page: str, text: str, sentence: str) -> None:
    data = {"kind": "waiting", "provider": "aliyun", "channel": "email", "signature": "政务", "text": text}
    html = signed_in(cast.bureau_staff).post(f"{page}add/", data).content.decode()
    assert sentence in html
    assert not SmsTemplate.objects.exists()
    assert not MessageText.objects.exists()


def test_template_page_previews_counts_and_shows_what_to_hand_in(cast) -> None:
    client = signed_in(cast.bureau_staff)
    data = {
        "kind": "waiting",
        "provider": "aliyun",
        "signature": "安宁政务",
        "text": "{{company}}已加入候补：{{ticket}}",
    }
    page = client.post(f"{TEMPLATES}add/", data, follow=True)
    row = SmsTemplate.objects.get()
    html = client.get(f"{TEMPLATES}{row.pk}/change/").content.decode()
    assert page.status_code == 200
    assert "【安宁政务】安宁磷化工有限公司已加入候补：http" in html
    assert "${company}已加入候补：${ticket}" in html
    assert "按 2 条计费" in html
    assert "待审核" in client.get(TEMPLATES).content.decode()


def test_approved_template_is_not_changed(cast) -> None:
    row = template("aliyun", "{{company}}")
    answer = signed_in(cast.bureau_staff).post(f"{TEMPLATES}{row.pk}/change/", {"text": "另一个"})
    assert answer.status_code == 403


def test_text_page_previews_the_files_words_where_none_are_written(cast) -> None:
    row = MessageText.objects.create(kind="waiting", channel=Channel.EMAIL)
    html = signed_in(cast.bureau_staff).get(f"{TEXTS}{row.pk}/change/").content.decode()
    assert "安宁磷化工有限公司：您已加入安宁市" in html
    row.text = "{{company}}，请等候。"
    row.save()
    html = signed_in(cast.bureau_staff).get(f"{TEXTS}{row.pk}/change/").content.decode()
    assert "安宁磷化工有限公司，请等候。" in html


def test_text_keeps_its_history(cast) -> None:
    row = MessageText.objects.create(kind="waiting", channel=Channel.EMAIL, text="旧文本")
    client = signed_in(cast.bureau_staff)
    client.post(f"{TEXTS}{row.pk}/change/", {"channel": "email", "heading": "", "text": "新文本"})
    html = client.get(f"{TEXTS}{row.pk}/history/").content.decode()
    assert "旧文本" in html
    assert "新文本" in html


@pytest.mark.parametrize("person", ["window_clerk", "department_staff", "inspector"])
def test_texts_are_the_bureaus(cast, person: str) -> None:
    client = signed_in(cast[person])
    assert [client.get(page).status_code for page in (TEMPLATES, TEXTS)] == [403, 403]


def test_send_again_without_what_the_new_wording_needs_keeps_the_old(cast, aliyun_server: Aliyun) -> None:
    template("aliyun", "{{company}}，{{number}}号", code="SMS_2")
    message = make_message(
        MessageStatus.FAILED, template_code="SMS_1", text="旧", variables=[["company", "甲"]], signature="旧签名"
    )
    services.send_again(message_id=message.pk, actor=cast.bureau_staff, now=NOW)
    message.refresh_from_db()
    assert (message.template_code, message.text) == ("SMS_1", "旧")
