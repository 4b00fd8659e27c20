"""E-mail over SMTP. The same message has the same Message-ID at every try."""

import hashlib
import smtplib
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext as _

from notifications.channels.base import NotTaken, OutcomeUnknown, Outgoing, Refused, TryLater

LASTING = 500  # from here on an answer of SMTP is for good


class _Watched(smtplib.SMTP):
    """Knows whether the text itself was begun: before that nothing can have been taken."""

    begun = False

    def data(self, msg: Any) -> Any:
        self.begun = True
        return super().data(msg)


class _WatchedOverTls(smtplib.SMTP_SSL, _Watched):
    pass


class _Backend(EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _WatchedOverTls if self.use_ssl else _Watched


def send(outgoing: Outgoing) -> str:
    """Hand the mail to the server; returns its Message-ID."""
    backend = _Backend(timeout=settings.CHANNEL_TIMEOUT)
    mail = _mail(outgoing, backend)
    try:
        backend.open()
        backend.send_messages([mail])
    except smtplib.SMTPResponseException as answer:
        raise _judged(answer.smtp_code, answer.smtp_error) from None
    except smtplib.SMTPRecipientsRefused as refusal:
        code, text = next(iter(refusal.recipients.values()))
        raise _judged(code, text) from None
    except OSError as failure:  # also smtplib's own exceptions
        if getattr(backend.connection, "begun", False):
            raise OutcomeUnknown(_("邮件服务器没有确认")) from None
        raise TryLater(_("邮件服务器无法连接：%s") % type(failure).__name__) from None
    finally:
        # Taken is taken, however the line ends.
        with suppress(OSError):
            backend.close()
    return mail.extra_headers["Message-ID"]


def _mail(outgoing: Outgoing, backend: _Backend) -> EmailMessage:
    name = hashlib.sha256(outgoing.key.encode()).hexdigest()[:32]
    domain = settings.EMAIL_FROM.rpartition("@")[2].rstrip(">")
    return EmailMessage(
        subject=" ".join(outgoing.heading.split()),
        body=outgoing.text,
        from_email=settings.EMAIL_FROM,
        to=[outgoing.recipient],
        headers={"Message-ID": f"<{name}@{domain}>", "Auto-Submitted": "auto-generated"},
        connection=backend,
    )


def _judged(code: int, text: bytes | str) -> NotTaken:
    said = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
    reason = _("邮件服务器答复 %(code)s：%(said)s") % {"code": code, "said": said}
    return Refused(reason) if code >= LASTING else TryLater(reason)
