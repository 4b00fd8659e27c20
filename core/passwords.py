"""Password rules beside Django's own: three classes of characters, and none of the last five."""

import re
from typing import Any

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

CLASSES = [r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]"]
CLASSES_NEEDED = 3
REMEMBERED = 5
MAX_AGE_DAYS = 90


class CharacterClassesValidator:
    def validate(self, password: str, user: Any = None) -> None:
        if sum(bool(re.search(pattern, password)) for pattern in CLASSES) < CLASSES_NEEDED:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        return _("密码须含大写字母、小写字母、数字、符号中的至少三类。")


class NotRecentValidator:
    def validate(self, password: str, user: Any = None) -> None:
        if user is None or user.pk is None:
            return
        former = user.former_passwords.values_list("password", flat=True)[:REMEMBERED]
        if any(check_password(password, old) for old in [user.password, *former][:REMEMBERED]):
            raise ValidationError(self.get_help_text(), code="password_recent")

    def get_help_text(self) -> str:
        return _("不得使用最近五次用过的密码。")


def password_is_old(user: Any) -> bool:
    return (timezone.now() - user.password_changed_at).days >= MAX_AGE_DAYS
