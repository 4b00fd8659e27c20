"""The console's pages of the yearly calendar: versions, import with preview, the Excel template."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import calendar_files, services_calendar
from core.calendar_table import Exceptions, from_json
from core.console import NavGroup, ReadOnlyAdmin
from core.errors import AlreadyDone, Refused
from core.models import CalendarYear, User

IMPORT = "core.import_calendar"
EFFECTS_SHOWN = 50
TEXT_CHARACTERS_MAX = 20_000
EXCEL_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Effect:
    """What an import would do beyond the calendar: a sentence, and a table of what it touches."""

    title: Any
    words: Any
    head: tuple[Any, ...] = ()
    rows: Sequence[tuple[Any, ...]] = ()

    @property
    def shown(self) -> Sequence[tuple[Any, ...]]:
        return self.rows[:EFFECTS_SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.rows) - EFFECTS_SHOWN)


# Each app's admin adds its own: what this list of a year's days would change there, or None.
EffectSource = Callable[[int, Exceptions], Effect | None]
effect_sources: list[EffectSource] = []


class NoticeForm(forms.Form):
    """A notice to be previewed: a workbook or typed lines."""

    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=1, max_value=9999)
    document_number = forms.CharField(
        label=gettext_lazy("文号"),
        max_length=services_calendar.DOCUMENT_NUMBER_CHARACTERS_MAX,
        help_text=gettext_lazy("国务院办公厅通知的文号，如“国办发明电〔2025〕7号”。"),
    )
    file = forms.FileField(
        label=gettext_lazy("Excel 文件"),
        required=False,
        help_text=gettext_lazy("按模板填写的 .xlsx 文件，不超过 1 MB。与下面的文本任选其一。"),
    )
    text = forms.CharField(
        label=gettext_lazy("或直接填写"),
        required=False,
        max_length=TEXT_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 14, "cols": 60}),
        help_text=gettext_lazy("每行一天或一段，如“2027-02-05~2027-02-11 放假 春节”“2027-02-14 调休上班”。"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned.get("file")) == bool(cleaned.get("text", "").strip()):
            self.add_error("text", _("请上传文件或填写文本，二者任选其一。"))
        return cleaned

    def exceptions(self) -> dict[date, tuple[str, str]]:
        """What was handed in, read. Refuses as `core.calendar_files` does."""
        upload = self.cleaned_data["file"]
        if upload:
            # One byte more than allowed is enough to refuse it, however long it is.
            rows = calendar_files.read_workbook(upload.read(calendar_files.FILE_BYTES_MAX + 1))
        else:
            rows = calendar_files.read_text(self.cleaned_data["text"])
        return calendar_files.to_exceptions(self.cleaned_data["year"], rows)


class ConfirmForm(forms.Form):
    """The previewed rows once more: nothing is kept on the server between preview and confirmation."""

    year = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=9999)
    document_number = forms.CharField(
        widget=forms.HiddenInput, max_length=services_calendar.DOCUMENT_NUMBER_CHARACTERS_MAX
    )
    basis = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    # A hidden textarea, because a hidden input may lose line breaks.
    text = forms.CharField(widget=forms.Textarea(attrs={"hidden": True}), max_length=TEXT_CHARACTERS_MAX)


@admin.register(CalendarYear)
class CalendarYearAdmin(ReadOnlyAdmin):
    nav_group = NavGroup.SETTINGS
    nav_order = 20
    change_list_template = "console/calendar_list.html"
    linked_lookups = ("year",)
    list_display = ["year", "source", "document_number", "in_force", "entered_at", "entered_by"]
    list_filter = ["in_force", "source"]
    list_select_related = ["entered_by"]
    fields = ["year", "source", "document_number", "in_force", "entered_at", "entered_by", "listed_days"]

    @admin.display(description=gettext_lazy("放假和调休"))
    def listed_days(self, row: CalendarYear) -> SafeString:
        lines = calendar_files.to_text(from_json(row.exceptions)).splitlines()
        return format_html_join("", "<p>{}</p>", ((line,) for line in lines))

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("import/", wrap(self.import_view), name="core_calendaryear_import"),
            path("import/confirm/", wrap(self.confirm_view), name="core_calendaryear_confirm"),
            path("import/template/", wrap(self.template_view), name="core_calendaryear_template"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        offered = {"may_import": request.user.has_perm(IMPORT)}
        return super().changelist_view(request, offered | (extra_context or {}))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseRedirect:
        """A year's versions are its history."""
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            raise PermissionDenied
        return redirect(f"{reverse('console:core_calendaryear_changelist')}?year__exact={row.year}")

    def import_view(self, request: HttpRequest) -> HttpResponse:
        _importer(request)
        if request.method != "POST":
            return self._import_page(request, NoticeForm(initial=_initial(request.GET.get("year", ""))))
        form = NoticeForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._import_page(request, form)
        try:
            exceptions = form.exceptions()
            preview = services_calendar.preview_year(year=form.cleaned_data["year"], exceptions=exceptions)
        except Refused as refusal:
            return self._import_page(request, form, refusal)
        confirm = ConfirmForm(
            initial={
                "year": preview.year,
                "document_number": form.cleaned_data["document_number"],
                "basis": preview.basis,
                "text": calendar_files.to_text(exceptions),
            }
        )
        found = [source(preview.year, exceptions) for source in effect_sources]
        effects = [effect for effect in found if effect is not None]
        return self._page(request, "preview", _("核对变化"), form=confirm, preview=preview, effects=effects)

    def confirm_view(self, request: HttpRequest) -> HttpResponse:
        actor = _importer(request)
        form = ConfirmForm(request.POST)
        if request.method != "POST" or not form.is_valid():
            messages.error(request, _("没有收到要确认的内容，请重新预览。"))
            return redirect("console:core_calendaryear_import")
        given = form.cleaned_data
        if "again" in request.POST:
            return self._import_page(request, NoticeForm(initial=given))
        try:
            version = services_calendar.import_year(
                year=given["year"],
                exceptions=calendar_files.to_exceptions(given["year"], calendar_files.read_text(given["text"])),
                document_number=given["document_number"],
                actor=actor,
                basis=given["basis"],
            )
        except AlreadyDone as refusal:
            messages.info(request, refusal.message)
        except Refused as refusal:
            return self._import_page(request, NoticeForm(initial=given), refusal)
        else:
            messages.success(request, _("%s 年工作日历已按通知更新，原版本已保留。") % version.year)
        return redirect("console:core_calendaryear_changelist")

    def template_view(self, request: HttpRequest) -> HttpResponse:
        _importer(request)
        disposition = content_disposition_header(True, _("放假安排导入模板.xlsx"))
        content = calendar_files.template_workbook()
        return HttpResponse(content, content_type=EXCEL_TYPE, headers={"Content-Disposition": disposition})

    def _import_page(self, request: HttpRequest, form: NoticeForm, refusal: Refused | None = None) -> HttpResponse:
        problems: list[Any] = []
        if refusal:
            problems = refusal.facts.get("problems", [refusal.message])
        failed = bool(refusal or form.errors)
        return self._page(request, "import", _("导入放假安排"), 422 if failed else 200, form=form, problems=problems)

    def _page(
        self, request: HttpRequest, name: str, title: str, status: int = 200, **context: Any
    ) -> TemplateResponse:
        common = self.admin_site.each_context(request) | {"opts": self.opts, "title": title}
        return TemplateResponse(request, f"console/calendar_{name}.html", common | context, status=status)


def _importer(request: HttpRequest) -> User:
    user = request.user
    if not (isinstance(user, User) and user.has_perm(IMPORT)):
        raise PermissionDenied
    return user


def _initial(asked: str) -> dict[str, Any]:
    """The year asked for with its official list to amend, or else the next year that is only estimated."""
    waiting = CalendarYear.objects.filter(in_force=True, source=CalendarYear.Source.ESTIMATED).order_by("year")
    if not asked.isdecimal() or len(asked) > 4:
        first = waiting.first()
        return {"year": first.year if first else timezone.localdate().year + 1}
    current = services_calendar.in_force(int(asked))
    if current is None or current.source == CalendarYear.Source.ESTIMATED:
        return {"year": int(asked)}
    return {
        "year": current.year,
        "document_number": current.document_number,
        "text": calendar_files.to_text(from_json(current.exceptions)),
    }
