"""The console's outbox: what was told to whom, whom to phone, and what to do where nothing arrived. [3.5]"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import trail
from core.console import NavGroup, Queue, ReadOnlyAdmin, ReasonForm, Text, VerbButton, actor_of, queue_sources
from core.masks import mask_contact
from core.models import User
from notifications import admin_texts, selectors, services
from notifications.channels import PLACEHOLDER
from notifications.console import state_badge
from notifications.enums import NOT_REACHED, Channel, MessageStatus
from notifications.forms import CallForm, SettleForm
from notifications.models import Message

# They register themselves.
__all__ = ["admin_texts"]


def run_send_again(message: Message, actor: User, data: dict[str, Any]) -> Text:
    services.send_again(message_id=message.pk, actor=actor, now=timezone.now())
    return _("已重新排队发送，结果稍后显示在本页。")


def run_record_call(message: Message, actor: User, data: dict[str, Any]) -> Text:
    services.record_call(message_id=message.pk, actor=actor, now=timezone.now(), **data)
    return _("已登记为电话告知。") if data["reached"] else _("已登记本次未接通，请稍后再次拨打。")


def run_give_up(message: Message, actor: User, data: dict[str, Any]) -> Text:
    services.give_up_call(message_id=message.pk, note=data["reason"], actor=actor)
    return _("已结束告知，记为联系不上。")


def run_settle(message: Message, actor: User, data: dict[str, Any]) -> Text:
    services.settle_unknown(message_id=message.pk, actor=actor, now=timezone.now(), **data)
    return _("核对结果已登记。")


def run_reveal(message: Message, actor: User, data: dict[str, Any]) -> Text:
    found = services.reveal_recipient(message_id=message.pk, actor=actor, reason=data["reason"])
    return _("联系方式 %s。本次查看已记录。") % found.recipient


def without_links(message: Message) -> str:
    return PLACEHOLDER.sub(_("〔链接〕"), message.text)


def what_to_say(message: Message) -> Text:
    """A person reads it out while the form is open."""
    return _("请电话告知对方，再登记结果；未接通的留在待电话告知列表。告知内容：%s") % without_links(message)


BUTTONS = (
    VerbButton(
        "record-call",
        gettext_lazy("登记通话结果"),
        run_record_call,
        what_to_say,
        "notifications.record_call",
        offered=lambda message: message.status == MessageStatus.TO_CALL and message.not_before <= timezone.now(),
        form=CallForm,
    ),
    VerbButton(
        "reveal",
        gettext_lazy("查看联系方式"),
        run_reveal,
        gettext_lazy("完整联系方式仅供告知本事项使用，每次查看都会留下记录。"),
        "notifications.reveal_recipient",
        offered=lambda message: message.status in NOT_REACHED,
        form=ReasonForm,
    ),
    VerbButton(
        "give-up",
        gettext_lazy("结束告知"),
        run_give_up,
        gettext_lazy("拨打满 3 次仍联系不上的，可以结束告知。结果记为联系不上。"),
        "notifications.record_call",
        offered=lambda message: message.status == MessageStatus.TO_CALL and message.attempts > 0,
        form=ReasonForm,
        danger=True,
    ),
    VerbButton(
        "settle",
        gettext_lazy("登记核对结果"),
        run_settle,
        gettext_lazy("渠道可能已经发出，但没有回复。为避免重复发送，请先与对方或服务商核对。"),
        "notifications.send_again",
        offered=lambda message: message.status == MessageStatus.UNKNOWN,
        form=SettleForm,
    ),
    VerbButton(
        "send-again",
        gettext_lazy("重新发送"),
        run_send_again,
        gettext_lazy("按原内容、原渠道再发送一次。内容和接收方不变。"),
        "notifications.send_again",
        offered=lambda message: message.status == MessageStatus.FAILED and message.channel != Channel.PHONE,
    ),
)


class Waiting(admin.SimpleListFilter):
    """What waits for a person; calls from their time on, oldest first."""

    title = gettext_lazy("需要办理")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(status.value, status.label) for status in (MessageStatus.TO_CALL, *NOT_REACHED[::2])]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        if self.value() == MessageStatus.TO_CALL:
            return selectors.calls_due(queryset, timezone.now())
        return queryset.filter(status=self.value()) if self.value() in NOT_REACHED else queryset


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """Recipients masked, links left out: a link is its owner's alone."""

    nav_group = NavGroup.ONSITE
    nav_order = 90
    empty_text = gettext_lazy("向企业和工作人员发送的消息显示在这里。")
    list_display = ["heading", "state", "channel", "recipient_masked", "subject_name", "not_before", "sent_at"]
    list_filter = [Waiting, "status", "channel", ("created_at", admin.DateFieldListFilter)]
    search_fields = ["subject__startswith"]
    search_help_text = gettext_lazy("按对象查询，如 appointments.booking:12")
    fields = [
        "heading",
        "state",
        "channel",
        "recipient_masked",
        "subject_name",
        "readable_text",
        "template_code",
        "created_at",
        "not_before",
        "attempts",
        "last_error",
        "sent_at",
        "delivered_at",
        "provider",
        "receipt_id",
    ]
    verb_buttons = BUTTONS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return selectors.visible_to(actor_of(request), super().get_queryset(request))

    def get_ordering(self, request: HttpRequest) -> list[str]:
        """Whom to phone: who waits longest comes first."""
        return ["not_before", "pk"] if request.GET.get("waiting") == MessageStatus.TO_CALL else ["-id"]

    def title_of(self, row: Message) -> str:
        return row.heading

    @admin.display(description=gettext_lazy("状态"), ordering="status")
    def state(self, message: Message) -> SafeString:
        return state_badge(message)

    @admin.display(description=gettext_lazy("接收方"))
    def recipient_masked(self, message: Message) -> str:
        return mask_contact(message.recipient)

    @admin.display(description=gettext_lazy("对象"))
    def subject_name(self, message: Message) -> str:
        return trail.subject_label(message.subject)

    @admin.display(description=gettext_lazy("内容"))
    def readable_text(self, message: Message) -> str:
        return without_links(message)


def message_queues(request: HttpRequest) -> list[Queue]:
    """Whom to phone, and what did not arrive."""
    user = actor_of(request)
    listing = reverse("console:notifications_message_changelist")
    visible = selectors.visible_to(user, Message.objects.all())
    piles = [
        (
            "notifications.record_call",
            _("待电话告知"),
            selectors.calls_due(visible, timezone.now()),
            MessageStatus.TO_CALL,
            _("需要电话告知的企业将列在这里。"),
        ),
        (
            "notifications.send_again",
            _("结果待核对的消息"),
            visible.filter(status=MessageStatus.UNKNOWN),
            MessageStatus.UNKNOWN,
            _("渠道没有回复、不知是否发出的消息将列在这里。"),
        ),
    ]
    queues = []
    for permission, label, pile, status, empty in piles:
        if user.has_perm(permission):
            oldest = pile.order_by("not_before").values_list("not_before", flat=True).first()
            url = f"{listing}?waiting={status}"
            queues.append(Queue(label=label, count=pile.count(), url=url, oldest=oldest, empty=empty))
    return queues


queue_sources.append(message_queues)
