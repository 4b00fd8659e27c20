"""What the desk and the bureau do to a booking from its page. [3.1] [3.3] [4.2]"""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments import services
from appointments.console_forms import AddFactsForm, NoteForm, RefuseForm, SettleForm
from appointments.enums import EXPECTED, BookingStatus
from appointments.models import Booking
from appointments.moves import CANCEL
from core.console import ReasonForm, VerbButton


def _cancel(row: Booking, actor: Any, data: dict[str, Any]) -> Any:
    services.cancel_booking(booking_id=row.pk, actor=actor, now=timezone.now(), reason=data["reason"])
    return _("预约已取消，号码已按候补顺序处理，并已通知企业。")


def _add_facts(row: Booking, actor: Any, data: dict[str, Any]) -> Any:
    now = timezone.now()
    with transaction.atomic():
        for upload in data["attachments"]:
            services.keep_attachment(booking_id=row.pk, upload=upload, now=now)
        services.add_facts(booking_id=row.pk, text=data["text"], actor=actor, now=now)
    return _("补充说明已代为登记，并已告知企业登记的内容。")


def _settle(row: Booking, actor: Any, data: dict[str, Any]) -> Any:
    services.settle_claim(booking_id=row.pk, actor=actor, now=timezone.now(), **data)
    return _("核实结果已登记，并已通知双方。") if data["upheld"] else _("核实结果已登记，并已通知申请人。")


def _confirm_mobile(row: Booking, actor: Any, data: dict[str, Any]) -> Any:
    services.confirm_mobile(booking_id=row.pk, note=data["note"], actor=actor, now=timezone.now())
    return _("手机已登记为核实。")


def _refuse(row: Booking, actor: Any, data: dict[str, Any]) -> Any:
    services.refuse_booking(booking_id=row.pk, actor=actor, now=timezone.now(), **data)
    return _("已登记不予受理，并已向企业说明。")


def _reveal(row: Booking, actor: Any, data: dict[str, Any]) -> Any:
    booking = services.reveal_contact(booking_id=row.pk, actor=actor, reason=data["reason"])
    return _("%(name)s，手机 %(mobile)s，邮箱 %(email)s。本次查看已记录。") % {
        "name": booking.representative_name or _("（未填姓名）"),
        "mobile": booking.mobile,
        "email": booking.email or _("未填"),
    }


DESK_BUTTONS = (
    VerbButton(
        name="facts",
        label=_("代为补充说明"),
        run=_add_facts,
        explain=_("企业来电或到窗口补充的，代为登记；登记的内容会发给企业核对，随后重新进入受理审核。"),
        permission="appointments.book_at_desk",
        offered=lambda row: row.status == BookingStatus.RETURNED,
        form=AddFactsForm,
        form_kwargs=lambda row: {"booking": row},
    ),
    VerbButton(
        name="settle",
        label=_("登记核实结果"),
        run=_settle,
        explain=_("请先致电原预约和申请人双方。申请成立的，原预约取消，号码或候补顺序归申请人。"),
        permission="appointments.settle_claim",
        offered=lambda row: row.status == BookingStatus.CONTESTED,
        form=SettleForm,
    ),
    VerbButton(
        name="mobile",
        label=_("登记手机已核实"),
        run=_confirm_mobile,
        explain=_("企业收不到验证码、请求回电的，回电核实后登记，企业即可在递补到号后提交信息表。"),
        permission="appointments.settle_claim",
        offered=services.may_verify,
        form=NoteForm,
    ),
    VerbButton(
        name="reveal",
        label=_("查看联系方式"),
        run=_reveal,
        explain=_("完整联系方式仅供办理本事项使用，每次查看都会留下记录。"),
        permission="appointments.reveal_contact",
        form=ReasonForm,
    ),
    VerbButton(
        name="refuse",
        label=_("不予受理"),
        run=_refuse,
        explain=_("受理后发现不属受理范围的，按情形说明理由并告知企业，号码按候补顺序处理。"),
        permission="appointments.triage_booking",
        offered=lambda row: row.status in EXPECTED,
        form=RefuseForm,
        form_kwargs=lambda row: {"booking": row, "proposed": []},
        danger=True,
    ),
    VerbButton(
        name="cancel",
        label=_("取消预约"),
        run=_cancel,
        explain=_("取消后号码由候补第一位递补；无人候补的，重新开放预约。企业会收到通知。"),
        permission="appointments.cancel_booking",
        offered=lambda row: row.status in CANCEL.sources,
        form=ReasonForm,
        danger=True,
    ),
)
