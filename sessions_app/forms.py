"""The shape of what the bureau types about the schedule; what may be done with it is asked by the verbs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import policy
from core.forms import ChineseForm
from departments.models import Department
from sessions_app.enums import SessionKind
from sessions_app.excel_rows import NUMBER_MAX, longest
from sessions_app.models import Chair, Session, Sitting
from sessions_app.services import ChairPlan, SessionPlan, local_moment, plan_of
from sessions_app.services_publication import Outlook

CHAIRS_SHOWN, CHAIRS_SPARE, CHAIRS_MAX = 5, 2, 20
MOMENT = "%Y-%m-%dT%H:%M"


def day_field(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def time_field(label: Any, **options: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **options)


def moment_field(label: Any, **options: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, widget=widget, **options)


def department_choices(kept: Sequence[int] = ()) -> list[tuple[int | str, str]]:
    """Those in use, and those that the row has already."""
    rows = [
        (row.pk, row.name if row.is_active else _("%s（已停用）") % row.name)
        for row in Department.objects.all()
        if row.is_active or row.pk in kept
    ]
    return [("", _("不选择")), *rows]


def offer(form: forms.Form, name: str, choices: Sequence[tuple[int | str, Any]]) -> None:
    """Choices that are only known when the form is made."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class ChairForm(forms.Form):
    """A department at the session, and its principal leader. [3.6]"""

    department = forms.TypedChoiceField(label=gettext_lazy("部门"), coerce=int, empty_value=None, required=False)
    is_lead = forms.BooleanField(label=gettext_lazy("牵头"), required=False)
    leader_name = forms.CharField(
        label=gettext_lazy("主要负责同志"), max_length=longest(Chair, "leader_name"), required=False
    )
    leader_title = forms.CharField(
        label=gettext_lazy("职务"), max_length=longest(Chair, "leader_title"), required=False
    )

    def __init__(self, *args: Any, departments: Sequence[tuple[int | str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "department", departments)

    def clean_leader_name(self) -> str:
        # Official lists set two-character names with a blank between; a blank parts name and title elsewhere.
        return "".join(self.cleaned_data["leader_name"].split())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors or given.get("department"):
            if not self.errors and given.get("leader_title") and not given.get("leader_name"):
                self.add_error("leader_name", _("请填写主要负责同志姓名。"))
            return given
        if given.get("is_lead") or given.get("leader_name") or given.get("leader_title"):
            self.add_error("department", _("请选择部门。"))
        return given


ChairFormSet = forms.formset_factory(ChairForm, extra=0, max_num=CHAIRS_MAX, absolute_max=CHAIRS_MAX)


class SessionForm(ChineseForm):
    """A session with its departments. `kinds` are those that may be chosen; `kept` departments stay choosable."""

    kind = forms.ChoiceField(label=gettext_lazy("类型"))
    day = day_field(gettext_lazy("坐诊日期"), help_text=gettext_lazy("应为工作日。"))
    starts_at = time_field(gettext_lazy("开始时间"))
    ends_at = time_field(gettext_lazy("结束时间"), help_text=gettext_lazy("每场不少于半天。"))
    place = forms.CharField(
        label=gettext_lazy("地点"),
        max_length=longest(Session, "place"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("不填为市政务服务中心党建书屋开放式专窗。"),
    )
    theme = forms.CharField(
        label=gettext_lazy("主题/职责范围"),
        max_length=longest(Session, "theme"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    liaison = forms.CharField(label=gettext_lazy("联络员"), max_length=longest(Session, "liaison"), required=False)
    liaison_phone = forms.CharField(
        label=gettext_lazy("联络电话"), max_length=longest(Session, "liaison_phone"), required=False
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        kinds: Sequence[str] = tuple(SessionKind.values),
        kept: Sequence[int] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(data, files, **kwargs)
        offer(self, "kind", [(kind, SessionKind(kind).label) for kind in kinds])
        rows = list(self.initial.get("chairs", ()))
        blank = max(CHAIRS_SHOWN - len(rows), CHAIRS_SPARE)
        self.chairs = ChairFormSet(
            data,
            prefix="chairs",
            initial=[*rows, *({} for _place in range(blank))],
            form_kwargs={"departments": department_choices(kept)},
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.chairs.is_valid():
            raise ValidationError(_("坐诊部门有需要修改的内容，已在下面标出。"))
        given["chairs"] = tuple(
            ChairPlan(row["department"], row["is_lead"], row["leader_name"], row["leader_title"])
            for row in self.chairs.cleaned_data
            if row.get("department")
        )
        return given


class SittingForm(SessionForm):
    """A sitting with its first main session. [3.2]"""

    number = forms.IntegerField(
        label=gettext_lazy("期次"),
        min_value=1,
        max_value=NUMBER_MAX,
        required=False,
        help_text=gettext_lazy("不填则接续该年度最后一期。"),
    )
    remarks = forms.CharField(label=gettext_lazy("备注"), max_length=longest(Sitting, "remarks"), required=False)
    field_order = ["number"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, kinds=[SessionKind.MAIN], **kwargs)
        del self.fields["kind"]


class GenerateForm(ChineseForm):
    """A fortnight's rhythm with one main session each. [3.2]"""

    first = day_field(gettext_lazy("首期日期"), help_text=gettext_lazy("此后每两周一期，遇休息日顺延至下一个工作日。"))
    until = day_field(gettext_lazy("截止日期"))
    starts_at = time_field(gettext_lazy("开始时间"))
    ends_at = time_field(gettext_lazy("结束时间"), help_text=gettext_lazy("每场不少于半天。"))
    department = forms.TypedChoiceField(
        label=gettext_lazy("牵头部门"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("各期不同的，可在生成后逐期修改。"),
    )
    leader_name = forms.CharField(
        label=gettext_lazy("主要负责同志"), max_length=longest(Chair, "leader_name"), required=False
    )
    leader_title = forms.CharField(
        label=gettext_lazy("职务"), max_length=longest(Chair, "leader_title"), required=False
    )
    place = forms.CharField(
        label=gettext_lazy("地点"),
        max_length=longest(Session, "place"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("不填为市政务服务中心党建书屋开放式专窗。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "department", department_choices())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("leader_name") and not given.get("department"):
            self.add_error("department", _("请选择主要负责同志所在部门。"))
        if given.get("first") and given.get("until") and given["until"] < given["first"]:
            self.add_error("until", _("截止日期应晚于首期日期。"))
        if given.get("starts_at") and given.get("ends_at") and given["ends_at"] <= given["starts_at"]:
            self.add_error("ends_at", _("结束时间应晚于开始时间。"))
        return given

    def main_session(self) -> SessionPlan:
        given = self.cleaned_data
        chairs: tuple[ChairPlan, ...] = ()
        if given["department"]:
            name = "".join(given["leader_name"].split())
            chairs = (ChairPlan(given["department"], True, name, given["leader_title"]),)
        return session_plan(given | {"kind": SessionKind.MAIN, "day": given["first"], "chairs": chairs})


class PublishForm(ChineseForm):
    """`outlook` is what would happen at the defaults; it says whether a reason is needed."""

    opens_at = moment_field(
        gettext_lazy("预约开放时间"),
        required=False,
        help_text=gettext_lazy("不填则按默认时间开放。不能早于发布时间。"),
    )
    override_reason = forms.CharField(
        label=gettext_lazy("特批理由"),
        max_length=longest(Sitting, "override_reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("存在不符合公告要求的情形，须填写特批理由。理由将存档并计入季度通报。"),
    )

    def __init__(self, *args: Any, outlook: Outlook, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outlook = outlook
        if not outlook.problems:
            del self.fields["override_reason"]


class PublicationTimeForm(ChineseForm):
    publish_at = moment_field(
        gettext_lazy("发布时间"),
        required=False,
        help_text=gettext_lazy("公告应提前 %s 天发布。不填则取消定时发布。") % policy.ANNOUNCEMENT_LEAD_DAYS,
    )


class ImportForm(ChineseForm):
    file = forms.FileField(
        label=gettext_lazy("Excel 文件"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text=gettext_lazy("按模板填写的 .xlsx 文件，不超过 2 MB。导出的日程修改后也可以导入。"),
    )


class ConfirmForm(forms.Form):
    """The previewed rows once more, signed: nothing is kept on the server between preview and confirmation."""

    token = forms.CharField(widget=forms.HiddenInput)


def session_plan(given: dict[str, Any]) -> SessionPlan:
    """From what a form gave: a day and two times of day."""
    return SessionPlan(
        kind=given["kind"],
        starts_at=local_moment(given["day"], given["starts_at"]),
        ends_at=local_moment(given["day"], given["ends_at"]),
        place=given["place"],
        theme=given.get("theme", ""),
        liaison=given.get("liaison", ""),
        liaison_phone=given.get("liaison_phone", ""),
        chairs=given["chairs"],
    )


def session_initial(session: Session) -> dict[str, Any]:
    """What the form of an existing session starts from."""
    plan = plan_of(session)
    starts: datetime = timezone.localtime(plan.starts_at)
    return {
        "kind": plan.kind,
        "day": starts.date(),
        "starts_at": starts.time(),
        "ends_at": timezone.localtime(plan.ends_at).time(),
        "place": plan.place,
        "theme": plan.theme,
        "liaison": plan.liaison,
        "liaison_phone": plan.liaison_phone,
        "chairs": [
            {
                "department": chair.department_id,
                "is_lead": chair.is_lead,
                "leader_name": chair.leader_name,
                "leader_title": chair.leader_title,
            }
            for chair in plan.chairs
        ],
    }
