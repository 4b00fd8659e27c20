"""Which words a message has: the file's, the bureau's own, or those of an approved SMS template."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.template import Context
from django.template.loader import get_template

from notifications import channels, kinds
from notifications.enums import FREE_TEXT_CHANNELS, Channel
from notifications.models import Message, MessageText, SmsTemplate
from notifications.selectors import sms_gateway


@dataclass(frozen=True)
class Said:
    """What a message's row holds: rendered, but for links."""

    heading: str
    text: str
    template_code: str = ""
    signature: str = ""
    variables: list[list[str]] = field(default_factory=list)


def render(kind: str, **context: Any) -> tuple[str, str]:
    """Heading (the first line) and text of templates/notices/<kind>.txt. Plain text: nothing is escaped."""
    template: Any = get_template(f"notices/{kind}.txt")
    heading, _newline, text = template.template.render(Context(context, autoescape=False)).strip().partition("\n")
    return heading.strip(), text.strip()


def said(*, kind: str, channel: Channel, heading: str, text: str, variables: Mapping[str, str]) -> Said:
    """The words in force for this kind and channel, filled in; `heading` and `text` are those of the file."""
    values = dict(variables)
    if channel == Channel.SMS and (provider := sms_gateway()):
        return _by_template(kind, provider, heading, text, values)
    if values and channel in dict(FREE_TEXT_CHANNELS):
        own = MessageText.objects.filter(kind=kind, channel=channel).exclude(text="").first()
        if own:
            return Said(kinds.filled(own.heading, values) or heading, kinds.filled(own.text, values))
    return Said(heading, text)


def sample(kind: str, text: str) -> str:
    """A text filled with the kind's samples; a link is as long as a real one and opens nothing."""
    found = kinds.kinds.get(kind)
    return channels.with_links(kinds.filled(text, found.samples() if found else {}), "sample")


def file_words(kind: str) -> tuple[str, str]:
    """Heading and text of the file, filled with samples: what is said where the bureau wrote nothing."""
    heading, text = render(kind, **kinds.kinds[kind].samples())
    return heading, channels.with_links(text, "sample")


def template_in_force(kind: str, provider: str) -> SmsTemplate | None:
    return SmsTemplate.objects.filter(kind=kind, provider=provider, approved=True).order_by("-pk").first()


def refresh_template(message: Message) -> None:
    """A message that had no approved template, or an old one, takes the one of today. Nothing else is touched."""
    provider = sms_gateway() if message.channel == Channel.SMS else ""
    template = template_in_force(message.kind, provider) if provider else None
    values = {str(name): str(value) for name, value in message.variables}
    # Variables that the old wording did not keep cannot be guessed.
    if template and set(kinds.variables_in(template.text)) <= values.keys() | set(kinds.SECRETS):
        fresh = _by_template(message.kind, provider, message.heading, message.text, values)
        message.template_code, message.signature, message.text = fresh.template_code, fresh.signature, fresh.text
        message.variables = fresh.variables


def _by_template(kind: str, provider: str, heading: str, text: str, values: dict[str, str]) -> Said:
    """An SMS has no free text: code and ordered variables. Without an approved template all values are kept."""
    values |= {secret: f"{{{{{secret}}}}}" for secret in kinds.SECRETS if secret not in values}
    template = template_in_force(kind, provider)
    if template is None:
        return Said(heading, text, variables=[[name, value] for name, value in values.items()])
    return Said(
        heading=heading,
        text=kinds.filled(template.text, values),
        template_code=template.code,
        signature=template.signature,
        variables=[[name, values.get(name, "")] for name in kinds.variables_in(template.text)],
    )
