"""Sign-ins, failed ones and sign-outs belong to the audit trail. The password never does."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from core import audit
from core.models import User


@receiver(user_logged_in)
def record_sign_in(sender: Any, user: User, **kwargs: Any) -> None:
    # Django writes `last_login` after this; that is no change of the account, and its history would drown in them.
    user.skip_history_when_saving = True  # type: ignore[attr-defined]
    audit.record("sign_in", user, actor=user)


@receiver(user_login_failed)
def record_failure(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    """A known name is kept by its key; of an unknown one two characters: it may be a misplaced password."""
    tried = str(credentials.get("username", ""))[:60]
    user = User.objects.filter(username=tried).first()
    audit.record("sign_in_failed", user or f"username:{tried[:2]}***", actor=audit.ANYONE)


@receiver(user_logged_out)
def record_sign_out(sender: Any, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        audit.record("sign_out", user, actor=user)
