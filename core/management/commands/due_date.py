"""`manage.py due_date 2024-09-27 5`: the due date on the first line, then why."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused
from core.templatetags.cn import cn_short
from core.workdays import Explanation, explain


class Command(BaseCommand):
    help = gettext_lazy("计算自某日起若干个工作日的到期日，并逐日说明。")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("start", help=_("起算日，如 2024-09-27；当日不计入"))
        parser.add_argument("working_days", help=_("工作日数，如 5"))
        parser.add_argument("--json", action="store_true", dest="as_json", help=_("输出 JSON"))

    def handle(self, *args: Any, start: str, working_days: str, as_json: bool, **options: Any) -> None:
        try:
            found = explain(parse_day(start), parse_length(working_days))
        except Refused as refusal:
            raise CommandError(str(refusal.message)) from refusal
        self.stdout.write(as_machine_text(found) if as_json else as_text(found))


def parse_day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise CommandError(_("起算日“%s”无法识别，请写成 2024-09-27 的形式。") % text) from None


def parse_length(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise CommandError(_("工作日数“%s”无法识别，请填写整数，如 5。") % text) from None


def as_text(found: Explanation) -> str:
    lines = [found.due.isoformat()]
    if found.provisional:
        lines.append(_("【暂定】"))
    lines += found.sentences
    for day in found.days:
        status = _("第 %s 个工作日") % day.number if day.counted else _("不计")
        mark = _("（推算）") if day.provisional else ""
        lines.append(f"{cn_short(day.date)}  {status}  {day.reason}{mark}")
    return "\n".join(lines)


def as_machine_text(found: Explanation) -> str:
    return json.dumps(
        {
            "start": found.start.isoformat(),
            "working_days": found.working_days,
            "due": found.due.isoformat(),
            "due_at": timezone.localtime(found.due_at).isoformat(),
            "provisional": found.provisional,
            "sentences": list(found.sentences),
            "days": [{"date": day.date.isoformat(), "number": day.number, "reason": day.reason} for day in found.days],
        },
        ensure_ascii=False,
    )
