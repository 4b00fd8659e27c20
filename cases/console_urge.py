"""催办, one or many: first who will be told what, then it is sent. And filters kept under a name. [3.7]"""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from cases import notices, permissions, services
from cases.console_supervision import URGES
from cases.enums import FilterPage
from cases.forms_work import SaveFilterForm, UrgeForm, chosen_cases
from cases.models import Case
from cases.selectors_work import to_urge
from core.console import actor_of
from core.console_page import console_page
from core.errors import Refused

PAGES = {FilterPage.CASES: "console:cases_case_changelist", FilterPage.SUPERVISION: "console:cases_supervision"}


def urge(request: HttpRequest) -> HttpResponse:
    """Write, look, send: nothing leaves before its words were seen with everybody who gets them. [3.7]"""
    if not actor_of(request).has_perm(URGES):
        raise PermissionDenied
    posted = request.method == "POST"
    chosen = chosen_cases(request.POST if posted else request.GET)
    wanted = to_urge(chosen)
    if not wanted:
        messages.info(request, _("没有可以催办的诉求：请先选择还有单位未办结的诉求。"))
        return redirect("console:cases_supervision")
    form = UrgeForm(request.POST if posted else None)
    previewed = posted and "again" not in request.POST and form.is_valid()
    if previewed and "send" in request.POST and _send(request, chosen, form):
        return redirect("console:cases_supervision")
    context = _context(wanted, form, previewed)
    status = 422 if posted and form.errors else 200
    return console_page(request, "console/cases_urge.html", context, status, title=gettext_lazy("催办"), model=Case)


def _context(wanted: list[Any], form: UrgeForm, previewed: bool) -> dict[str, Any]:
    note = form.cleaned_data["note"] if previewed else ""
    return {
        "form": form,
        "previewed": previewed,
        "cases": list(dict.fromkeys(row.part.case_id for row in wanted)),
        "rows": [
            {"part": row.part, "people": row.people, "words": notices.words_of_urging(row.part, note)}
            for row in wanted
        ],
        "units": len({row.part.department_id for row in wanted}),
        "people": len({user.pk for row in wanted for user in row.people}),
    }


def _send(request: HttpRequest, chosen: list[int], form: UrgeForm) -> bool:
    try:
        told = services.urge(
            case_ids=chosen, note=form.cleaned_data["note"], actor=actor_of(request), now=timezone.now()
        )
    except Refused as refusal:
        form.add_error("note", refusal.message)
        return False
    if told:
        messages.success(request, _("已发出 %s 份催办。") % told)
    else:
        messages.info(request, _("今日已用相同内容催办过，没有重复发送。"))
    return True


@require_POST
def save_filter(request: HttpRequest) -> HttpResponse:
    """Keep what a page is filtered by under a name of one's own."""
    permissions.check_can_see_cases(actor_of(request))
    form = SaveFilterForm(request.POST)
    if not form.is_valid():
        return redirect("console:index")
    given = form.cleaned_data
    page = FilterPage(given["page"])
    try:
        kept = services.save_filter(page=page, name=given["name"], query=given["query"], actor=actor_of(request))
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("已保存常用筛选“%s”。") % kept)
    return redirect(f"{reverse(PAGES[page])}?{urlencode(parse_qsl(given['query']))}")


@require_POST
def remove_filter(request: HttpRequest, pk: int) -> HttpResponse:
    page = services.remove_filter(filter_id=pk, actor=actor_of(request))
    return redirect(PAGES[page] if page else "console:index")
