"""The booking list of a sitting in Excel (挂号清单). [3.3] [3.4]"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook

from appointments.enums import NoticeChannel
from appointments.models import Booking
from core.masks import mask_email, mask_mobile, mask_name
from core.sheets import fill_table
from sessions_app.models import Sitting

COLUMNS = [
    (gettext_lazy("号"), 5),
    (gettext_lazy("预约编号"), 15),
    (gettext_lazy("企业名称"), 26),
    (gettext_lazy("统一社会信用代码"), 22),
    (gettext_lazy("企业类别"), 12),
    (gettext_lazy("街道/园区"), 12),
    (gettext_lazy("行业"), 14),
    (gettext_lazy("负责人"), 10),
    (gettext_lazy("身份"), 12),
    (gettext_lazy("手机"), 14),
    (gettext_lazy("邮箱"), 20),
    (gettext_lazy("通知方式"), 12),
    (gettext_lazy("诉求对象部门"), 18),
    (gettext_lazy("诉求类型"), 10),
    (gettext_lazy("诉求领域"), 10),
    (gettext_lazy("诉求标题"), 22),
    (gettext_lazy("事实与理由"), 40),
    (gettext_lazy("具体请求"), 30),
    (gettext_lazy("其他渠道反映"), 16),
    (gettext_lazy("附件"), 8),
    (gettext_lazy("提交时间"), 16),
]


def booking_row(booking: Booking, *, full: bool) -> list[Any]:
    """One line. Contact data is masked unless `full`."""
    name, mobile, email = booking.representative_name, booking.mobile, booking.email
    if not full:
        name, mobile, email = mask_name(name), mask_mobile(mobile), mask_email(email)
    labels = dict(NoticeChannel.choices)
    elsewhere = f"{booking.get_elsewhere_display()} {booking.elsewhere_reference}".strip()
    return [
        booking.number,
        booking.reference,
        booking.company_name,
        booking.credit_code,
        booking.get_enterprise_kind_display(),
        str(booking.district or ""),
        str(booking.industry or ""),
        name,
        booking.get_representative_role_display(),
        mobile,
        email,
        "、".join(str(labels.get(channel, channel)) for channel in booking.channels),
        "、".join(department.name for department in booking.departments.all()),
        booking.get_demand_kind_display(),
        str(booking.demand_area or ""),
        booking.title,
        booking.facts,
        booking.request,
        elsewhere,
        len(booking.attachments.all()),
        f"{timezone.localtime(booking.confirmed_at):%Y-%m-%d %H:%M}",
    ]


def booking_list(sitting: Sitting, bookings: list[Booking], *, full: bool) -> Workbook:
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = _("挂号清单")
    title = _("“局长坐诊接诉”%s挂号清单") % sitting.title
    rows = [booking_row(booking, full=full) for booking in bookings]
    headers, widths = zip(*COLUMNS, strict=True)
    fill_table(sheet, title, [str(header) for header in headers], rows, widths)
    return workbook
