"""The console's pages for many sittings at once: a new one, a year's dates, Excel in and out. [3.2] [5.1]"""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import policy
from core.console import ReadOnlyAdmin
from core.errors import Refused
from core.models import User
from core.sheets import download
from departments.models import Department
from sessions_app import services, services_import
from sessions_app.enums import SessionKind
from sessions_app.excel import schedule_workbook
from sessions_app.excel_reading import FILE_BYTES_MAX, RawRow, read_workbook
from sessions_app.excel_rows import Parsed, parse_rows
from sessions_app.forms import ConfirmForm, GenerateForm, ImportForm, SittingForm, session_plan
from sessions_app.selectors import days_with_sitting, provisional_days, years_of_schedule
from sessions_app.services_import import Review, Reviewed, Verdict, bad_rows, import_schedule, review_schedule

PLAN = "sessions_app.change_sitting"
IMPORT, EXPORT = "sessions_app.import_schedule", "sessions_app.export_schedule"
# A preview is confirmed while one remembers what it said.
TOKEN_MAX_AGE_SECONDS = 3600
# With the rest of the form it stays below what a request may hold (DATA_UPLOAD_MAX_MEMORY_SIZE).
TOKEN_CHARACTERS_MAX = 1_500_000


class SchedulePages(ReadOnlyAdmin):
    """The part of the sittings' admin that the list's toolbar leads to."""

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        pages = {
            "new": self.new_view,
            "generate": self.generate_view,
            "import": self.import_view,
            "import/confirm": self.confirm_view,
            "template": self.template_view,
            "export": self.export_view,
        }
        return [
            *(path(f"{name}/", wrap(view), name=f"schedule_{name.replace('/', '_')}") for name, view in pages.items()),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        offered = {
            "may_plan": request.user.has_perm(PLAN),
            "may_import": request.user.has_perm(IMPORT),
            "export_years": years_of_schedule() if request.user.has_perm(EXPORT) else [],
            "this_year": timezone.localdate().year,
        }
        return super().changelist_view(request, offered | (extra_context or {}))

    def new_view(self, request: HttpRequest) -> HttpResponse:
        """A sitting with its first main session in one form."""
        actor = _allowed(request, PLAN)
        form = SittingForm(request.POST or None, initial={"place": policy.WINDOW_PLACE})
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            try:
                sitting = services.plan_sitting(
                    day=given["day"],
                    sessions=[session_plan(given | {"kind": SessionKind.MAIN})],
                    actor=actor,
                    number=given["number"],
                    remarks=given["remarks"],
                )
            except Refused as refusal:
                _add_refusal(form, refusal)
            else:
                messages.success(request, _("已新增%s。") % sitting.title)
                return redirect("console:sessions_app_sitting_change", sitting.pk)
        return self._page(request, "form", _("新增一期"), form, submit=_("新增一期"))

    def generate_view(self, request: HttpRequest) -> HttpResponse:
        """A year's dates: typed, then shown with what a holiday postponed, then planned."""
        actor = _allowed(request, PLAN)
        # A preview's way back carries what was typed.
        form = GenerateForm(request.POST or None, initial={"place": policy.WINDOW_PLACE} | request.GET.dict())
        ready = request.method == "POST" and form.is_valid()
        if ready and "confirm" in request.POST:
            if done := self._generate(request, form, actor):
                return done
        elif ready:
            try:
                days = _dates(form)
            except Refused as refusal:
                _add_refusal(form, refusal)
            else:
                typed = urlencode({name: request.POST.get(name, "") for name in form.fields})
                return self._page(request, "generate", _("核对全年日程"), form, days=days, typed=typed)
        return self._page(request, "form", _("生成全年日程"), form, submit=_("预览日期"))

    def _generate(self, request: HttpRequest, form: GenerateForm, actor: User) -> HttpResponse | None:
        given = form.cleaned_data
        try:
            made = services.generate_year(
                first=given["first"], until=given["until"], main=form.main_session(), actor=actor
            )
        except Refused as refusal:
            _add_refusal(form, refusal)
            return None
        messages.success(request, _("已生成 %s 期日程。") % len(made))
        return redirect("console:sessions_app_sitting_changelist")

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """A workbook, read and compared; nothing is written until the preview is confirmed."""
        actor = _allowed(request, IMPORT)
        if request.method != "POST":
            return self._import_page(request, ImportForm())
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._import_page(request, form)
        try:
            # One byte more than allowed is enough to refuse it, however long it is.
            rows = read_workbook(form.cleaned_data["file"].read(FILE_BYTES_MAX + 1))
            parsed = parse_rows(rows)
            review = _judged(parsed)
            token = _signed(actor, rows, review.basis)
        except Refused as refusal:
            return self._import_page(request, form, refusal)
        return self._page(
            request,
            "import_preview",
            _("核对导入内容"),
            ConfirmForm(initial={"token": token}),
            review=review,
            counted=[(verdict.label, review.count(verdict)) for verdict in Verdict],
            changes=_described(review),
            provisional=bool(provisional_days({item.plan.day for item in review.items})),
            nothing=review.count(Verdict.UNCHANGED) == len(review.items),
        )

    def confirm_view(self, request: HttpRequest) -> HttpResponse:
        """The previewed rows, judged again and written."""
        actor = _allowed(request, IMPORT)
        form = ConfirmForm(request.POST)
        given = _unsigned(actor, form.cleaned_data["token"]) if form.is_valid() else None
        if given is None:
            messages.error(request, _("预览已失效，请重新上传文件。"))
            return redirect("console:schedule_import")
        rows, basis = given
        try:
            parsed = parse_rows(rows)
            if parsed.problems:
                raise bad_rows(parsed.problems)
            review = import_schedule(plans=parsed.plans, basis=basis, actor=actor)
        except Refused as refusal:
            return self._import_page(request, ImportForm(), refusal)
        messages.success(
            request,
            _("已导入：新增 %(new)s 期，修改 %(changed)s 期，无变化 %(unchanged)s 期。")
            % {verdict.value: review.count(verdict) for verdict in Verdict},
        )
        return redirect("console:sessions_app_sitting_changelist")

    def template_view(self, request: HttpRequest) -> HttpResponse:
        _allowed(request, IMPORT)
        return download(schedule_workbook([], _department_names()), _("坐诊日程安排模板.xlsx"))

    def export_view(self, request: HttpRequest) -> HttpResponse:
        actor = _allowed(request, EXPORT)
        asked = request.GET.get("year", "")
        year = int(asked) if asked.isdecimal() and len(asked) <= 4 else timezone.localdate().year
        sittings = services_import.export_schedule(year=year, actor=actor)
        return download(schedule_workbook(sittings, _department_names()), _("%s年坐诊日程安排.xlsx") % year)

    def _import_page(self, request: HttpRequest, form: ImportForm, refusal: Refused | None = None) -> HttpResponse:
        problems: list[Any] = refusal.facts.get("problems", [refusal.message]) if refusal else []
        return self._page(request, "import", _("导入日程"), form, problems=problems, failed=refusal is not None)

    def _page(
        self, request: HttpRequest, name: str, title: str, form: forms.Form, failed: bool = False, **context: Any
    ) -> TemplateResponse:
        common = self.admin_site.each_context(request) | {"opts": self.opts, "title": title, "form": form}
        common["back"] = reverse("console:sessions_app_sitting_changelist")
        status = 422 if failed or form.errors else 200
        return TemplateResponse(request, f"console/schedule_{name}.html", common | context, status=status)


def _allowed(request: HttpRequest, permission: str) -> User:
    if not isinstance(request.user, User) or not request.user.has_perm(permission):
        raise PermissionDenied
    return request.user


def _add_refusal(form: forms.Form, refusal: Refused) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


def _department_names() -> list[str]:
    return list(Department.objects.filter(is_active=True).values_list("name", flat=True))


def _dates(form: GenerateForm) -> list[dict[str, Any]]:
    """The days that would be planned, with what a person should look at."""
    pairs = services.fortnights(form.cleaned_data["first"], form.cleaned_data["until"])
    held = [day for _due, day in pairs]
    if not held:
        raise Refused("no_days", _("该时间段内没有可安排的日期，请调整起止日期。"), field="until")
    taken, estimated = days_with_sitting(held), provisional_days(held)
    return [
        {"due": due, "day": day, "postponed": due != day, "clash": day in taken, "provisional": day in estimated}
        for due, day in pairs
    ]


def _judged(parsed: Parsed) -> Review:
    """The review of a file without faults. Refuses `bad_rows` with those of the cells and those of the schedule."""
    review = review_schedule(parsed.plans, timezone.localdate())
    if parsed.problems or review.problems:
        raise bad_rows([*parsed.problems, *review.problems])
    return review


def _salt(actor: User) -> str:
    """Only who saw the preview can confirm it."""
    return f"schedule-import:{actor.pk}"


def _signed(actor: User, rows: list[RawRow], basis: str) -> str:
    content = {"basis": basis, "rows": [[row.number, *row.cells] for row in rows]}
    token = signing.dumps(content, salt=_salt(actor), compress=True)
    if len(token) > TOKEN_CHARACTERS_MAX:
        raise Refused("file_too_large", _("文件内容过多，请按年度分开导入。"), field="file")
    return token


def _unsigned(actor: User, token: str) -> tuple[list[RawRow], str] | None:
    try:
        content = signing.loads(token, salt=_salt(actor), max_age=TOKEN_MAX_AGE_SECONDS)
    except signing.BadSignature:
        return None
    return [RawRow(row[0], tuple(row[1:])) for row in content["rows"]], content["basis"]


def _described(review: Review) -> list[dict[str, Any]]:
    """Each new or changed sitting with its sessions in words, before and after."""
    names = dict(Department.objects.values_list("pk", "name"))
    wanted = [item for item in review.items if item.verdict != Verdict.UNCHANGED]
    return [{"item": item, **_difference(item, names)} for item in wanted]


def _difference(item: Reviewed, names: dict[int, str]) -> dict[str, list[str]]:
    after = [services_import.in_words(session, names) for session in item.plan.sessions]
    before = []
    if item.sitting is not None:
        plans = [services.plan_of(session) for session in item.sitting.sessions.all()]
        before = [services_import.in_words(plan, names) for plan in plans]
        before += [_("备注：%s") % item.sitting.remarks] if item.sitting.remarks != item.plan.remarks else []
    if item.sitting is not None and item.sitting.remarks != item.plan.remarks:
        after.append(_("备注：%s") % item.plan.remarks)
    return {
        "removed": [line for line in before if line not in after],
        "added": [line for line in after if line not in before],
    }
