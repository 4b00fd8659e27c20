"""The bureau's list of frequent answers, made from questions that were answered. [3.1]"""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.console import ConsoleAdmin, NavGroup, Tone, actor_of, badge
from inquiries.console_forms import FrequentAnswerForm
from inquiries.enums import InquiryStatus
from inquiries.models import FrequentAnswer, Inquiry
from inquiries.selectors import answers_to, words_of_asker


@admin.register(FrequentAnswer)
class FrequentAnswerAdmin(ConsoleAdmin):
    """The form starts with an empty question: what is public is written anew, beside what was asked."""

    nav_group = NavGroup.BOOKING
    nav_order = 16
    form = FrequentAnswerForm
    change_form_template = "console/frequent_form.html"
    empty_text = _("从已答复的咨询整理，或直接新增；公开后列在网站的常见问题页。")
    list_display = ["question", "area", "position", "state", "updated_at"]
    list_filter = ["is_published", "area"]
    list_select_related = ["area"]
    search_fields = ["question", "answer"]
    search_help_text = _("按问题、答复内容查找")
    fields = ["question", "answer", "area", "position", "is_published", "names_nobody"]

    @admin.display(description=_("状态"), ordering="is_published")
    def state(self, row: FrequentAnswer) -> SafeString:
        return badge(_("公开"), Tone.ON_TRACK) if row.is_published else badge(_("未公开"))

    def origin(self, request: HttpRequest, row: FrequentAnswer | None) -> Inquiry | None:
        """The answered question that this is written from, for who may see it."""
        key = row.made_from_id if row else request.GET.get("from", "")
        if not str(key or "").isdecimal() or len(str(key)) > 18:
            return None
        seen = Inquiry.objects.visible_to(actor_of(request)).filter(pk=int(key))
        return (seen if row else seen.filter(status=InquiryStatus.ANSWERED)).first()

    def get_form(
        self, request: HttpRequest, obj: FrequentAnswer | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.made_from = self.origin(request, obj)
        # Areas are kept with the other lists, not beside an answer.
        widget = form.base_fields["area"].widget if "area" in form.base_fields else None
        if widget is not None:
            widget.can_add_related = widget.can_change_related = widget.can_view_related = False
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        origin = self.origin(request, None)
        return {"area": origin.area_id, "answer": "\n\n".join(answers_to(origin))} if origin else {}

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        origin = self.origin(request, kwargs.get("obj"))
        if origin:
            context |= {"origin": origin, "asked": words_of_asker(origin), "answered": answers_to(origin)}
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: FrequentAnswer, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.made_from = self.origin(request, None)
        super().save_model(request, obj, form, change)
