"""The records in the console: all of them for the bureau, its own for a department, with their versions. [3.6]"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from consultations import console_keep, console_papers, console_record, console_sign, console_table
from consultations.enums import RecordStatus
from consultations.models import Consultation
from consultations.paper import paper_of
from consultations.permissions import can_correct, can_keep
from consultations.selectors import left_unsigned
from core.console import NavGroup, Queue, ReadOnlyAdmin, Tone, actor_of, badge, queue_sources
from core.templatetags.cn import cn_short, cn_time

TONES = {RecordStatus.DRAFT: Tone.NEAR, RecordStatus.SIGNED: Tone.ON_TRACK}


@admin.register(Consultation)
class ConsultationAdmin(ReadOnlyAdmin):
    nav_group = NavGroup.ONSITE
    nav_order = 15
    change_list_template = "console/consultation_list.html"
    change_form_template = "console/consultation_change.html"
    empty_text = _("坐诊当天开始接诊后，记录将列在这里。")
    list_display = ["reference", "company", "sitting", "held", "state", "result", "signer"]
    list_display_links = ["reference", "company"]
    list_filter = ["status", "outcome", "session__sitting__year"]
    search_fields = ["booking__reference", "booking__company_name", "booking__title"]
    search_help_text = _("按预约编号、企业名称、诉求标题查找")
    fields = ["state", "held", "result", "signer"]
    history_hides = frozenset({"points", "reply", "opinion", "visitors"})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Consultation]:
        rows = Consultation.objects.visible_to(actor_of(request))
        return rows.select_related("booking__slot", "booking__sitting", "session", "signed_by", "lead")

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        name = "consultations_consultation"
        return [
            path("table/", view(console_table.today), name=f"{name}_table"),
            path("table/<key:session_id>/", view(console_table.table), name=f"{name}_table_of"),
            path("<key:pk>/record/", view(console_record.record), name=f"{name}_record"),
            # Not behind the door: a script is answered, not led to the sign-in page.
            path("<key:pk>/key/", console_keep.key, name=f"{name}_key"),
            path("<key:pk>/keep/", console_keep.keep, name=f"{name}_keep"),
            path("<key:pk>/sign/", view(console_sign.sign), name=f"{name}_sign"),
            path("<key:pk>/correct/", view(console_record.correct), name=f"{name}_correct"),
            path("<key:pk>/signature/<slug:side>/", view(console_sign.signature), name=f"{name}_signature"),
            path("<key:pk>/print/", view(console_papers.printed), name=f"{name}_print"),
            path("<key:pk>/word/", view(console_papers.in_word), name=f"{name}_word"),
            path("<key:pk>/files/<key:attachment_id>/", view(console_papers.attachment), name=f"{name}_file"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        offered = {"can_keep": request.user.has_perm(console_table.PERMISSION)}
        return super().changelist_view(request, offered | (extra_context or {}))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        if obj is not None:
            context["paper"] = paper_of(obj)
            context["versions"] = list(obj.versions.select_related("made_by"))
            context["at_table"] = can_keep(actor_of(request), obj.session)
            context["may_correct"] = obj.is_signed and can_correct(actor_of(request), obj.session)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def title_of(self, row: Consultation) -> str:
        return str(row)

    @admin.display(description=_("编号"), ordering="booking__reference")
    def reference(self, row: Consultation) -> str:
        return row.reference

    @admin.display(description=_("企业名称"))
    def company(self, row: Consultation) -> str:
        return row.booking.company_name

    @admin.display(description=_("期次"), ordering="booking__sitting__day")
    def sitting(self, row: Consultation) -> str:
        return str(row.booking.sitting)

    @admin.display(description=_("坐诊日期"), ordering="held_on")
    def held(self, row: Consultation) -> str:
        return cn_short(row.held_on)

    @admin.display(description=_("状态"), ordering="status")
    def state(self, row: Consultation) -> SafeString:
        return badge(row.get_status_display(), TONES[RecordStatus(row.status)])

    @admin.display(description=_("处理方式"), ordering="outcome")
    def result(self, row: Consultation) -> str:
        return row.get_outcome_display() if row.is_signed else "—"

    @admin.display(description=_("签办"), ordering="signed_at")
    def signer(self, row: Consultation) -> str:
        return f"{row.signed_by} {cn_short(row.signed_at)} {cn_time(row.signed_at)}" if row.signed_at else "—"


def records_to_sign(request: HttpRequest) -> list[Queue]:
    """Records that were begun and not signed, for who may sign them."""
    if not request.user.has_perm("consultations.sign_off"):
        return []
    drafts = left_unsigned(actor_of(request), [])
    return [
        Queue(
            label=_("待签办的坐诊记录"),
            count=len(drafts),
            url=reverse("console:consultations_consultation_table"),
            oldest=min((row.opened_at for row in drafts), default=None),
            empty=_("坐诊当天开始接诊后，尚未签办的记录列在这里。"),
        )
    ]


queue_sources.append(records_to_sign)
