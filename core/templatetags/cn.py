"""Dates as Chinese offices write them, always in Asia/Shanghai, with the weekday where a person must act.

And the notice's clauses as people cite them.
"""

from datetime import date, datetime

from django import template
from django.utils import timezone

register = template.Library()
WEEKDAYS = "一二三四五六日"
NUMERALS = ("", *"一二三四五六七八九", "十")


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.filter
def cn_date(value: date | datetime | None) -> str:
    """2026年11月23日（周一）"""
    if not value:
        return ""
    day = _local(value)
    return f"{day.year}年{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


@register.filter
def cn_last_day(value: date | datetime | None) -> str:
    """2026年11月23日（周一，含当日）: before "前", of a last day that still counts."""
    return cn_date(value).replace("）", "，含当日）")


@register.filter
def cn_time(value: datetime | None) -> str:
    """09:00"""
    return f"{_local(value):%H:%M}" if value else ""


@register.filter
def cn_datetime(value: datetime | None) -> str:
    """2026年11月23日（周一）09:00"""
    return f"{cn_date(value)}{cn_time(value)}" if value else ""


@register.filter
def cn_short(value: date | datetime | None) -> str:
    """11-23 周一"""
    if not value:
        return ""
    day = _local(value)
    return f"{day:%m-%d} 周{WEEKDAYS[day.weekday()]}"


@register.filter
def cn_clause(clause: str) -> str:
    """第三部分第（七）项 for [3.7], as the notice numbers itself."""
    part, item, point, *_rest = [*clause.strip("[]").split("."), "", ""]
    said = f"第{NUMERALS[int(part)]}部分"
    if item:
        said += f"第（{NUMERALS[int(item)]}）项"
    return said + (f"第{point}目" if point else "")
