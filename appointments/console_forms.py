"""Forms of the console's buttons and of booking at the desk."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Case, QuerySet, When
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from appointments import services
from appointments.enums import ChoiceKind, ContactWay, DemandKind
from appointments.forms import ContactForm, DemandForm, FactsForm, SupplementForm
from appointments.models import Booking, Choice, RefusalGround
from core.console import ReasonForm
from core.forms import ChineseForm, FilesField
from core.models import User
from departments.enums import DepartmentKind
from departments.models import Department
from sessions_app.models import Sitting


class SettleForm(ChineseForm):
    upheld = forms.TypedChoiceField(
        label=_("核实结果"),
        choices=[("yes", _("申请成立：原预约非该企业所为，号码归申请人")), ("no", _("申请不成立：原预约有效"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("核实情况"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("与双方通话的时间、对象和结论。"),
    )


class NoteForm(ChineseForm):
    note = forms.CharField(
        label=_("核实情况"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("回电时间、对象和结论。"),
    )


class MoveSittingForm(ReasonForm):
    day = forms.DateField(label=_("新的坐诊日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    field_order = ["day", "reason"]


class MoveSessionForm(ReasonForm):
    """When and where an announced session is to be held instead."""

    day = forms.DateField(label=_("坐诊日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    starts = forms.TimeField(label=_("开始时间"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("结束时间"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    place = forms.CharField(label=_("地点"), max_length=120, widget=forms.Textarea(attrs={"rows": 2}))
    field_order = ["day", "starts", "ends", "place", "reason"]


class SittingChoiceForm(ChineseForm):
    """Which sitting the desk books for."""

    sitting = forms.ModelChoiceField(label=_("期次"), queryset=Sitting.objects.none(), empty_label=None)

    def __init__(self, *args: Any, sittings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sitting"].queryset = sittings


class DeskAnswersForm(DemandForm, FactsForm, ContactForm):
    """The whole form on one page, for who types it at the desk. [3.1]"""

    consent = forms.BooleanField(
        label=_("已向企业宣读知情同意书，企业同意"), error_messages={"required": _("请先取得企业同意。")}
    )
    field_order = [*DemandForm.base_fields, *FactsForm.base_fields, *ContactForm.base_fields, "consent"]


class TriageForm(ChineseForm):
    """One of the three decisions about a submitted booking; `decide` calls its verb. [3.4] [4.2]"""

    def __init__(self, *, booking: Booking, proposed: list[Department], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fit(booking, proposed)

    def fit(self, booking: Booking, proposed: list[Department]) -> None:
        """Fill in what is known of the booking."""

    def decide(self, *, booking_id: int, actor: User, now: datetime) -> Booking:
        raise NotImplementedError


class AcceptForm(TriageForm):
    """Accepted, sorted, and passed to its departments. [3.4]"""

    demand_kind = forms.ChoiceField(label=_("诉求类型"), choices=DemandKind.choices)
    demand_area = forms.ModelChoiceField(label=_("诉求领域"), queryset=Choice.objects.none(), empty_label=None)
    lead = forms.ModelChoiceField(
        label=_("责任单位"), queryset=Department.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    assisting = forms.ModelMultipleChoiceField(
        label=_("协办单位"),
        queryset=Department.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("不选即为单一部门办理。"),
    )

    def fit(self, booking: Booking, proposed: list[Department]) -> None:
        named = {row.pk for row in booking.departments.all()}
        marks = {row.pk: _("企业选择") if row.pk in named else _("按职责建议") for row in proposed}
        self.fields["demand_area"].queryset = Choice.objects.filter(kind=ChoiceKind.AREA, is_active=True)
        members = assignable_departments()
        likely = [row.pk for row in proposed]
        first = Case(*(When(pk=key, then=place) for place, key in enumerate(likely)), default=len(likely))
        for name in ("lead", "assisting"):
            self.fields[name].queryset = members.order_by(first, "position")
            self.fields[name].label_from_instance = lambda row: _marked(row, marks)
        self.initial = {
            "demand_kind": booking.demand_kind,
            "demand_area": booking.demand_area_id,
            "lead": likely[0] if likely else None,
            "assisting": [key for key in likely[1:] if key in named],
        }

    def decide(self, *, booking_id: int, actor: User, now: datetime) -> Booking:
        data = self.cleaned_data
        assignment = services.Assignment(data["lead"].pk, tuple(row.pk for row in data["assisting"]))
        return services.accept_booking(
            booking_id=booking_id,
            assignment=assignment,
            demand_kind=data["demand_kind"],
            demand_area=data["demand_area"],
            actor=actor,
            now=now,
        )


def _marked(row: Department, marks: dict[int, Any]) -> Any:
    """The unit's name, and why it stands among the first."""
    if row.pk not in marks:
        return row.name
    return format_html("{} <small>{}</small>", row.name, marks[row.pk])


class RefuseForm(TriageForm):
    """Not accepted, on one of the five grounds. [4.2]"""

    ground = forms.ModelChoiceField(
        label=_("不予受理情形"), queryset=RefusalGround.objects.all(), widget=forms.RadioSelect, empty_label=None
    )
    explanation = forms.CharField(
        label=_("向企业的说明"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("企业会看到这段说明；“可向何处反映”随所选情形一并告知。"),
    )

    def decide(self, *, booking_id: int, actor: User, now: datetime) -> Booking:
        return services.refuse_booking(booking_id=booking_id, actor=actor, now=now, **self.cleaned_data)


class SendBackForm(TriageForm):
    """More facts are needed first. [3.4]"""

    question = forms.CharField(
        label=_("需补充的内容"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写清缺什么、怎样补；企业在挂号单页面补充，号码保留。"),
    )

    def decide(self, *, booking_id: int, actor: User, now: datetime) -> Booking:
        return services.send_back_booking(booking_id=booking_id, actor=actor, now=now, **self.cleaned_data)


class AddFactsForm(SupplementForm):
    """What the enterprise said at the desk or on the phone, and the papers it handed over. [3.4]"""

    attachments = FilesField(
        label=_("企业提供的材料"),
        required=False,
        help_text=_("PDF、JPG、PNG、DOCX、XLSX，每份不超过 10 MB，连同已有的最多 5 份。"),
    )

    def __init__(self, *args: Any, booking: Booking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = booking.supplements.filter(added_at__isnull=True).first()
        self.fields["text"].help_text = _("需补充：%s") % asked.question if asked else ""


class VerificationForm(ChineseForm):
    """What the department learnt from the enterprise. [3.4]"""

    way = forms.ChoiceField(label=_("对接方式"), choices=ContactWay.choices)
    spoke_with = forms.CharField(label=_("对接企业人员"), max_length=50, required=False)
    finding = forms.CharField(
        label=_("核实情况"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("诉求是否属实、涉及哪些环节、坐诊时需要准备什么。"),
    )


class SolvedForm(ChineseForm):
    solution = forms.CharField(
        label=_("解决的情况"), max_length=1000, widget=forms.Textarea(attrs={"rows": 5}), help_text=_("企业会看到。")
    )


class AssignForm(ReasonForm):
    """Another department answers, or others assist. [3.4]"""

    lead = forms.ModelChoiceField(
        label=_("责任单位"), queryset=Department.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    assisting = forms.ModelMultipleChoiceField(
        label=_("协办单位"),
        queryset=Department.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    field_order = ["lead", "assisting", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("lead", "assisting"):
            self.fields[name].queryset = assignable_departments()


def assignable_departments() -> QuerySet[Department]:
    """Every unit in use but the inspection office, which supervises. [2]"""
    return Department.objects.filter(is_active=True).exclude(kind=DepartmentKind.INSPECTION)
