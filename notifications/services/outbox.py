"""Writing a message beside what it tells, and taking back what became untrue."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core import audit
from core.models import User
from core.transitions import moving
from notifications import moves
from notifications.enums import PENDING, Channel, MessageStatus
from notifications.models import Message
from notifications.services.texts import said

# What is appended to a message's key when a person is to phone in its place.
CALL_SUFFIX = ":phone"
# The one group whose robot the settings name.
GROUP = "group"


def link_placeholder(purpose: str) -> str:
    """What a text holds instead of the address of a link; `link_seed` says whose."""
    return f"{{{{{purpose}}}}}"


def enqueue(
    *,
    kind: str,
    channel: Channel,
    recipient: str,
    subject: str,
    heading: str,
    text: str,
    dedup_key: str,
    variables: Mapping[str, str] | None = None,
    link_seed: str = "",
    not_before: datetime | None = None,
    phone_fallback: str = "",
    audience: str = "",
) -> None:
    """Queue one message with what it tells. Only inside a transaction; a second one with the same key is nothing.

    `heading` and `text` are the words of the file; the bureau's own text of this kind and channel, or the approved
    SMS template, is filled with `variables` in their place. `phone_fallback`: the number that a person phones when
    the message finally fails or nobody knows whether it arrived. `audience`: see `Message.audience`.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A message is written in the transaction of what it tells.")
    words = said(kind=kind, channel=channel, heading=heading, text=text, variables=variables or {})
    message = Message(
        kind=kind,
        channel=channel,
        recipient=recipient,
        subject=subject,
        audience=audience,
        heading=words.heading,
        text=words.text,
        template_code=words.template_code,
        signature=words.signature,
        variables=words.variables,
        dedup_key=dedup_key,
        link_seed=link_seed,
        not_before=not_before or timezone.now(),
        phone_fallback=phone_fallback,
        status=MessageStatus.TO_CALL if channel == Channel.PHONE else MessageStatus.QUEUED,
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)


def tell_in_console(people: Iterable[User], *, kind: str, subject: str, key: str, heading: str, text: str) -> None:
    """One message on the console of each of these people; `key` tells repetitions apart, for each of them."""
    for user in people:
        enqueue(
            kind=kind,
            channel=Channel.CONSOLE,
            recipient=user.username,
            subject=subject,
            heading=heading,
            text=text,
            dedup_key=f"{key}:{user.pk}",
        )


def tell_group(*, kind: str, subject: str, key: str, heading: str, text: str) -> None:
    """One message in the staff's working group, where a robot is set: no contact data, no words of an enterprise."""
    if settings.STAFF_ROBOT:
        enqueue(
            kind=kind,
            channel=Channel.ROBOT,
            recipient=GROUP,
            subject=subject,
            heading=heading,
            text=text,
            dedup_key=f"{key}:{GROUP}",
        )


def withhold(*, subject: str, kinds: Collection[str], reason: str = "") -> int:
    """Do not send any more what became untrue: queued messages and calls of these kinds. Returns how many.

    Inside the transaction of what made it untrue. What the relay holds at this moment may still go out.
    """
    waiting = Message.objects.filter(subject=subject, kind__in=kinds, status__in=PENDING).order_by("pk")
    keys = list(waiting.select_for_update(of=("self",)).values_list("pk", flat=True))
    for key in keys:
        with moving(Message, key, moves.WITHHOLD, actor=audit.SYSTEM, reason=reason):
            pass
    return len(keys)


def queue_call(message: Message, now: datetime) -> None:
    """A person phones instead. Inside the transaction in which the message failed; once for each message. [3.5]"""
    if not message.phone_fallback:
        return
    call = Message(
        kind=message.kind,
        channel=Channel.PHONE,
        recipient=message.phone_fallback,
        subject=message.subject,
        audience=message.audience,
        heading=message.heading,
        text=message.text,
        link_seed=message.link_seed,
        dedup_key=message.dedup_key + CALL_SUFFIX,
        not_before=now,
        status=MessageStatus.TO_CALL,
    )
    Message.objects.bulk_create([call], ignore_conflicts=True)
    audit.record("queue_call", message, actor=audit.SYSTEM, clause="[3.5]")


def drop_call(message: Message) -> None:
    """The message arrived after all: nobody needs to phone who has not begun to."""
    with transaction.atomic():
        waiting = Message.objects.select_for_update(of=("self",)).filter(
            dedup_key=message.dedup_key + CALL_SUFFIX, status=MessageStatus.TO_CALL, attempts=0
        )
        for key in waiting.values_list("pk", flat=True):
            with moving(Message, key, moves.WITHHOLD, actor=audit.SYSTEM):
                pass
