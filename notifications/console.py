"""How a message looks in the console, on its own page and on the page of what it is about."""

from django.utils.safestring import SafeString

from core.console import Tone, badge
from notifications.enums import MessageStatus
from notifications.models import Message

TONES = {
    MessageStatus.SENT: Tone.ON_TRACK,
    MessageStatus.DELIVERED: Tone.ON_TRACK,
    MessageStatus.UNKNOWN: Tone.NEAR,
    MessageStatus.TO_CALL: Tone.NEAR,
    MessageStatus.FAILED: Tone.LATE,
}


def state_badge(message: Message) -> SafeString:
    return badge(message.get_status_display(), TONES.get(MessageStatus(message.status), Tone.NEUTRAL))
