"""The staff console: Django's own admin, with navigation by the day's work and buttons that call verbs."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core import audit, console_history
from core.console_account import OwnPasswordView, SignInForm, why_new_password
from core.console_catalog import ConsoleCatalog
from core.console_nav import NavGroup, nav_pages
from core.errors import AlreadyDone, Refused
from core.models import User

Text = str | Promise


@dataclass(frozen=True)
class Queue:
    """A pile of work on the front page: how much, the oldest, the next due, and the list that it counts."""

    label: Text
    count: int
    url: str
    oldest: datetime | None = None
    due: datetime | None = None
    empty: Text = ""
    badges: tuple[Text, ...] = ()

    @property
    def is_over(self) -> bool:
        """By days, as the lights count: what ends today is not over tonight. [3.7]"""
        return self.due is not None and timezone.localdate(self.due) < timezone.localdate()


# Each app's admin adds its own; the front page asks all of them. A source gives None to whom it does not concern.
QueueSource = Callable[[HttpRequest], Iterable[Queue]]
queue_sources: list[QueueSource] = []


@dataclass(frozen=True)
class Start:
    """What the front page offers first to whom no queue concerns: the leadership reads, it has nothing to do."""

    label: Text
    about: Text
    url: str


StartSource = Callable[[HttpRequest], Iterable[Start]]
start_sources: list[StartSource] = []


def actor_of(request: HttpRequest) -> User:
    """Who is at work. Every page of the console but the door has someone signed in."""
    assert isinstance(request.user, User)
    return request.user


class Tone(models.TextChoices):
    """The colours of a state. The words carry the meaning, the colour only helps to find it."""

    ON_TRACK = "on-track", _("正常")
    NEAR = "near", _("临近")
    LATE = "late", _("超期")
    NEUTRAL = "neutral", _("一般")


def badge(text: Text, tone: str = Tone.NEUTRAL) -> SafeString:
    """A state as words on its colour, for lists and pages."""
    return format_html('<span class="badge badge-{}">{}</span>', Tone(tone).value, text)


class ConsoleSite(admin.AdminSite):
    site_header = _("安宁市“局长坐诊接诉”工作台")
    site_title = _("工作台")
    index_title = _("今日")
    site_url = None
    index_template = "console/index.html"
    login_form = SignInForm
    login_template = "console/login.html"
    password_change_template = "console/password_change.html"  # noqa: S105 - a template's name
    enable_nav_sidebar = True
    empty_value_display = "—"

    def __init__(self, name: str = "console") -> None:
        super().__init__(name)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """One entry for each group of the chain instead of one for each Django app, and of each list only its address.

        Every page of the console carries the navigation, and Django would ask four permissions of each list for it.
        """
        groups: dict[str, list[dict[str, Any]]] = {group.value: [] for group in NavGroup}
        for page in nav_pages:
            if page.open_to(request.user):
                groups[page.group].append(page.entry(self.name))
        for model_admin in self._registry.values():
            if model_admin.has_module_permission(request) and model_admin.has_view_or_change_permission(request):
                groups[getattr(model_admin, "nav_group", NavGroup.SETTINGS)].append(self.list_entry(model_admin))
        return [
            {
                "name": NavGroup(group).label,
                "app_label": group,
                "app_url": reverse("console:index"),
                "has_module_perms": True,
                "models": sorted(entries, key=lambda entry: (entry["order"], entry["name"])),
            }
            for group, entries in groups.items()
            if entries
        ]

    def list_entry(self, model_admin: "admin.ModelAdmin[Any]") -> dict[str, Any]:
        opts = model_admin.opts
        return {
            "name": opts.verbose_name_plural,
            "admin_url": reverse(f"{self.name}:{opts.app_label}_{opts.model_name}_changelist"),
            "order": getattr(model_admin, "nav_order", 50),
        }

    def get_urls(self) -> list[Any]:
        pages = [path(page.route, self.admin_view(page.view), name=page.name) for page in nav_pages]
        return [*pages, *super().get_urls()]

    def app_index(self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None) -> Any:
        """The navigation has no page for each app; an address from a stock page's trail leads to the front page."""
        return redirect("console:index")

    def i18n_javascript(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return ConsoleCatalog.as_view()(request)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        queues = [queue for source in queue_sources for queue in source(request)]
        # Each in the order of the chain.
        context = {
            "queues": queues,
            "to_do": [queue for queue in queues if queue.count or queue.badges],
            "nothing_to_do": [queue for queue in queues if not (queue.count or queue.badges)],
            "starts": [] if queues else [start for source in start_sources for start in source(request)],
        }
        return super().index(request, context | (extra_context or {}))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        context = self.each_context(request) | {
            "title": _("修改密码"),
            "must_change": why_new_password(request.user),
        }
        return OwnPasswordView.as_view(
            template_name=self.password_change_template, extra_context=context | (extra_context or {})
        )(request)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


@dataclass(frozen=True)
class VerbButton:
    """A button on an object's page; it opens a page that says what will happen, and a press there calls `run`.

    `run(row, actor, data)` calls one verb and returns the sentence that says what was done. `form_kwargs(row)` is
    for a form that must know the object, `offered_to(row, user)` for what not every holder of the permission may,
    `initial_for(row, user)` for what depends on who fills the form in.
    """

    name: str
    label: Text
    run: Callable[[Any, Any, dict[str, Any]], Text]
    explain: Text | Callable[[Any], Text]
    permission: str
    offered: Callable[[Any], bool] = lambda row: True
    offered_to: Callable[[Any, Any], bool] = lambda row, user: True
    form: type[forms.Form] | None = None
    initial: Callable[[Any], dict[str, Any]] = field(default=lambda row: {})
    initial_for: Callable[[Any, Any], dict[str, Any]] = field(default=lambda row, user: {})
    form_kwargs: Callable[[Any], dict[str, Any]] = field(default=lambda row: {})
    danger: bool = False


# Buttons that an upper app puts on a lower app's object page: the lower one cannot know of them.
extra_buttons: dict[type[models.Model], list[VerbButton]] = {}


# What a filter of the list adds to its field's name in the address.
FILTER_ENDINGS = "(__id|__pk)?(__exact|__in|__isnull|__gte|__lte|__gt|__lt|__year|__month|__day)?"


class ConsoleAdmin(admin.ModelAdmin):
    """A list and a page for an object. Statuses are read-only; what changes them is in `verb_buttons`.

    `history_hides` names columns whose contents the history does not show, beside contact data.
    """

    nav_group: NavGroup = NavGroup.SETTINGS
    nav_order = 50
    verb_buttons: tuple[VerbButton, ...] = ()
    history_hides: frozenset[str] = frozenset()
    # True where saving the form calls a verb that writes the audit row itself.
    verbs_record = False
    # What will appear in the list, for the day when nothing is in it.
    empty_text: Text = _("目前没有记录。")
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    change_form_template = "console/change_form.html"
    object_history_template = "console/history.html"
    # Columns that links of ours ask for beside the filters.
    linked_lookups: tuple[str, ...] = ()

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only what the page's own filters ask: else an address could search columns that no page shows.

        What is no column at all is left to the filters, which answer a mistyped address with the whole list.
        """
        columns = {name for field in self.opts.get_fields() for name in (field.name, getattr(field, "attname", ""))}
        if lookup.split("__")[0] not in {*columns, "pk"}:
            return True
        filters = [entry[0] if isinstance(entry, tuple) else entry for entry in self.get_list_filter(request)]
        names = [name for name in [*filters, *self.linked_lookups, self.date_hierarchy] if isinstance(name, str)]
        names += [getattr(entry, "parameter_name", "") for entry in filters if isinstance(entry, type)]
        return any(re.fullmatch(f"{name}{FILTER_ENDINGS}", lookup) for name in names if name)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        info = self.opts.app_label, self.opts.model_name
        view = self.admin_site.admin_view(self.verb_view)
        return [path("<path:object_id>/do/<slug:verb>/", view, name="{}_{}_do".format(*info)), *super().get_urls()]

    def all_buttons(self) -> list[VerbButton]:
        return [*self.verb_buttons, *extra_buttons.get(self.model, [])]

    def buttons_for(self, request: HttpRequest, row: Any) -> list[dict[str, Any]]:
        return self.offered_of(self.all_buttons(), request, row)

    def offered_of(self, buttons: Iterable[VerbButton], request: HttpRequest, row: Any) -> list[dict[str, Any]]:
        info = self.opts.app_label, self.opts.model_name
        return [
            {"verb": verb, "url": reverse("console:{}_{}_do".format(*info), args=[row.pk, verb.name])}
            for verb in buttons
            if request.user.has_perm(verb.permission) and verb.offered(row) and verb.offered_to(row, request.user)
        ]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Django's row of dashes says nothing to a person."""
        formfield: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        empty = _("请选择") if getattr(formfield, "required", False) else _("不选择")
        if getattr(formfield, "empty_label", None):
            formfield.empty_label = empty
        elif db_field.choices and formfield is not None and not hasattr(formfield, "empty_label"):
            formfield.choices = [(value, label if value else empty) for value, label in formfield.choices]
        return formfield

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(
            request, {"title": self.opts.verbose_name_plural, "subtitle": None} | (extra_context or {})
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        # One way to save; and the page is called after the object, not after what one may do to it.
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False, "subtitle": None}
        context["title"] = self.title_of(obj) if obj else _("新增%s") % self.opts.verbose_name
        if obj is not None:
            context["verb_buttons"] = self.buttons_for(request, obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)  # type: ignore[misc]

    def verb_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        row = self.get_object(request, object_id)
        found = next((button for button in self.all_buttons() if button.name == verb), None)
        if row is None or found is None or not self.has_view_permission(request, row):
            raise PermissionDenied
        if not request.user.has_perm(found.permission):
            raise PermissionDenied
        form = self.verb_form(request, found, row)
        if request.method == "POST" and (form is None or form.is_valid()):
            done = self.call_verb(request, found, row, form)
            if done is not None:
                return done
        context = self.admin_site.each_context(request) | {
            "title": found.label,
            "verb": found,
            "explain": found.explain(row) if callable(found.explain) else found.explain,
            "form": form,
            "name": self.title_of(row),
            "opts": self.opts,
            "back": self.page_of(row),
        }
        return TemplateResponse(request, "console/verb.html", context, status=422 if request.method == "POST" else 200)

    def verb_form(self, request: HttpRequest, verb: VerbButton, row: Any) -> forms.Form | None:
        if verb.form is None:
            return None
        known = verb.form_kwargs(row)
        if request.method == "POST":
            return verb.form(data=request.POST, files=request.FILES, **known)
        return verb.form(initial=verb.initial(row) | verb.initial_for(row, request.user), **known)

    def call_verb(
        self, request: HttpRequest, verb: VerbButton, row: Any, form: forms.Form | None
    ) -> HttpResponseRedirect | None:
        """Run it and go back to the object, or None when it was refused and the page is to be shown again."""
        try:
            sentence = verb.run(row, actor_of(request), form.cleaned_data if form else {})
        except AlreadyDone as refusal:
            messages.info(request, refusal.message)
        except Refused as refusal:
            if form is None:
                messages.error(request, refusal.message)
                return redirect(self.page_of(row))
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            return None
        else:
            messages.success(request, str(sentence))
        return redirect(self.page_of(row))

    def page_of(self, row: Any) -> str:
        return reverse(f"console:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who did what to it, and which columns changed; nothing here can be reverted."""
        row = self.get_object(request, unquote(object_id))
        if row is None or not self.has_view_permission(request, row):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "title": _("历史记录"),
            "name": self.title_of(row),
            "opts": self.opts,
            "back": self.page_of(row),
            "done": console_history.done_to(*self.subjects_of(row)),
            "versions": console_history.versions_of(row, console_history.CONTACT_COLUMNS | self.history_hides),
            "shown_at_most": console_history.SHOWN_AT_MOST,
        }
        return TemplateResponse(request, self.object_history_template, context | (extra_context or {}))

    def title_of(self, row: Any) -> Text:
        """What the object's pages are called."""
        return str(row)

    def subjects_of(self, row: Any) -> list[str]:
        """The keys under which the audit trail knows the object and its parts."""
        return [audit.subject_of(row)]

    # Django's own log of its forms can be edited like any table; ours cannot. It keeps columns' names, no contents.

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        if not self.verbs_record:
            audit.record("add", obj, actor=actor_of(request))

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        changed = [name for part in message for name in part.get("changed", {}).get("fields", [])]
        if message and not self.verbs_record:
            audit.record("change", obj, actor=actor_of(request), after="、".join(changed))


class ReadOnlyAdmin(ConsoleAdmin):
    """Everything shown, nothing typed: changes come through verbs."""

    # Django's own: ten scripts, 280 KB, for pop-ups, actions and slugs. Nothing here would use them.
    media = forms.Media()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
