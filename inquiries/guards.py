"""Whether something may be done with a question now. Each check passes or refuses with a sentence."""

from django.utils.translation import gettext_lazy as _

from appointments.enums import BookingStatus
from core import policy
from core.errors import AlreadyDone, Refused
from departments.enums import DepartmentKind
from departments.models import Department
from inquiries.enums import CAN_REOPEN, InquiryStatus
from inquiries.models import Entry, Inquiry

# A booking is made, as far as the desk can make it: a number that is only held may still run out.
MADE = (BookingStatus.CONFIRMED, BookingStatus.WAITING)


def check_says_something(text: str) -> None:
    if not text.strip():
        raise Refused("empty", _("请填写内容。"), field="text")


def check_says_where(department_id: int | None, place: str) -> None:
    """A pointer names a department or another channel, or both. [3.1]"""
    if department_id is None and not place.strip():
        raise Refused("no_place", _("请选择部门，或填写其他渠道。"), field="place")


def check_still_open(inquiry: Inquiry) -> None:
    if inquiry.status != InquiryStatus.OPEN:
        raise Refused(
            "wrong_status",
            _("该咨询当前为“%s”，不能再这样办理。") % inquiry.get_status_display(),
            status=inquiry.status,
        )


def check_replied(inquiry: Inquiry) -> None:
    """What was said is corrected; what was not said yet is answered."""
    if inquiry.status not in CAN_REOPEN:
        raise Refused("not_replied", _("该咨询当前为“%s”，没有可更正的答复。") % inquiry.get_status_display())


def check_can_follow_up(inquiry: Inquiry) -> None:
    """While it is open it is added to; once replied to it is asked again. [3.1]"""
    if inquiry.status not in (InquiryStatus.OPEN, *CAN_REOPEN):
        raise Refused("ended", _("该咨询%s，不能再补充。可重新提问。") % inquiry.get_status_display())


def check_room_for_more(inquiry: Inquiry) -> None:
    """A page behind a link is no chat: what has grown past all measure is better talked about."""
    if Entry.objects.filter(inquiry=inquiry).count() >= policy.INQUIRY_ENTRIES_MAX:
        raise Refused("too_long", _("本次咨询往来已较多，请到服务专窗当面咨询，或重新提问。"), field="text")


def check_can_take_over(department: Department | None, inquiry: Inquiry) -> Department:
    """A department in use that has staff of its own kind; not the one that has it already."""
    if department is None or not department.is_active or department.kind != DepartmentKind.MEMBER:
        raise Refused("wrong_department", _("请选择一个启用中的配合部门。"), field="department")
    if department.pk == inquiry.department_id:
        raise AlreadyDone("already_done", _("该咨询已转由%s答复。") % department)
    return department


def check_with_a_department(inquiry: Inquiry) -> None:
    if inquiry.department_id is None:
        raise AlreadyDone("already_done", _("该咨询已在窗口。"))


def check_booking_made(inquiry: Inquiry) -> None:
    if inquiry.booking is None or inquiry.booking.status not in MADE:
        raise Refused("not_booked", _("预约尚未办成。"))
