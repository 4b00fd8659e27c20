"""The console's outbox: what was told to whom, and sending again what failed."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import trail
from core.console import NavGroup, ReadOnlyAdmin, Text, Tone, VerbButton, badge
from core.masks import mask_contact
from core.models import User
from notifications import services
from notifications.channels import PLACEHOLDER
from notifications.enums import Channel, MessageStatus
from notifications.models import Message

TONES = {
    MessageStatus.QUEUED: Tone.NEUTRAL,
    MessageStatus.SENDING: Tone.NEUTRAL,
    MessageStatus.SENT: Tone.ON_TRACK,
    MessageStatus.FAILED: Tone.LATE,
    MessageStatus.WITHHELD: Tone.NEUTRAL,
}


def run_send_again(message: Message, actor: User, data: dict[str, Any]) -> Text:
    services.send_again(message_id=message.pk, actor=actor, now=timezone.now())
    return _("已重新排队发送，结果稍后显示在本页。")


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """Recipients masked, links left out: a link is its owner's alone."""

    nav_group = NavGroup.ONSITE
    nav_order = 90
    empty_text = gettext_lazy("向企业和工作人员发送的消息显示在这里。")
    list_display = ["heading", "state", "channel", "recipient_masked", "subject_name", "created_at", "sent_at"]
    list_filter = ["status", "channel", ("created_at", admin.DateFieldListFilter)]
    search_fields = ["subject__startswith"]
    search_help_text = gettext_lazy("按对象查询，如 appointments.booking:12")
    fields = [
        "heading",
        "state",
        "channel",
        "recipient_masked",
        "subject_name",
        "readable_text",
        "created_at",
        "not_before",
        "attempts",
        "last_error",
        "sent_at",
    ]
    verb_buttons = (
        VerbButton(
            "send-again",
            gettext_lazy("重新发送"),
            run_send_again,
            gettext_lazy("按原内容、原渠道再发送一次。内容和接收方不变。"),
            "notifications.send_again",
            offered=lambda message: message.status == MessageStatus.FAILED,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        """What is told to one member of staff in the console is for that one alone. [5.2]"""
        mine = Q(recipient=request.user.get_username())
        return super().get_queryset(request).filter(~Q(channel=Channel.CONSOLE) | mine)

    def title_of(self, row: Message) -> str:
        return row.heading

    @admin.display(description=gettext_lazy("状态"), ordering="status")
    def state(self, message: Message) -> SafeString:
        return badge(message.get_status_display(), TONES[MessageStatus(message.status)])

    @admin.display(description=gettext_lazy("接收方"))
    def recipient_masked(self, message: Message) -> str:
        return mask_contact(message.recipient)

    @admin.display(description=gettext_lazy("对象"))
    def subject_name(self, message: Message) -> str:
        return trail.subject_label(message.subject)

    @admin.display(description=gettext_lazy("内容"))
    def readable_text(self, message: Message) -> str:
        return PLACEHOLDER.sub(_("〔链接〕"), message.text)
