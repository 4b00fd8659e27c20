"""The public pages: answers for everybody, asking, and the question's own page. [3.1]"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from appointments.selectors import consent_in_force
from core import audit, policy, secrets
from core.errors import AlreadyDone, Refused
from core.limits import TooOften, check_rate
from core.middleware import client_ip
from core.public import public_form, too_often
from core.selectors import ours
from inquiries import services
from inquiries.enums import CAN_REOPEN, REPLIES, InquiryStatus, Source
from inquiries.forms import FollowUpForm, JudgeForm, SiteQuestionForm
from inquiries.models import Inquiry
from inquiries.selectors import SEARCH_CHARACTERS_MAX, inquiry_by_secret, published_answers, search_words

ANSWERS_PER_PAGE = 20
View = Callable[..., HttpResponse]


def question_page(view: View) -> View:
    """A page for the holder of a question's secret address; an unknown one is simply not found."""

    @wraps(view)
    def with_inquiry(request: HttpRequest, secret: str) -> HttpResponse:
        inquiry = inquiry_by_secret(secret)
        if inquiry is None:
            raise Http404
        return view(request, inquiry)

    return public_form(with_inquiry)


def page_url(inquiry: Inquiry, name: str = "inquiries:question") -> str:
    return reverse(name, args=[inquiry.secret])


def frequent(request: HttpRequest) -> HttpResponse:
    """What others asked, answered for everybody, by area; searched by substring."""
    typed = request.GET.get("q", "").strip()[:SEARCH_CHARACTERS_MAX]
    words = search_words(typed)
    page = Paginator(published_answers(words), ANSWERS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"query": typed, "too_short": bool(typed) and not words, "page": page}
    return render(request, "inquiries/frequent.html", context)


@public_form
def ask(request: HttpRequest) -> HttpResponse:
    """Look for an answer first, then ask. What was looked for is carried into the question."""
    now = timezone.now()
    consent = consent_in_force(now)
    if request.method != "POST":
        typed = request.GET.get("q", "").strip()[:SEARCH_CHARACTERS_MAX]
        return _form(request, SiteQuestionForm(initial={"submission": secrets.new_submission(), "question": typed}))
    form = SiteQuestionForm(request.POST)
    if not form.is_valid():
        return _form(request, form, status=422)
    try:
        check_question_rate(request)
        inquiry = services.ask(
            question=form.asked(),
            source=Source.SITE,
            consent=consent,
            submission=secrets.submission_or_new(form.cleaned_data["submission"]),
            actor=audit.ANYONE,
            now=now,
        )
    except TooOften as refusal:
        return too_often(request, refusal)
    except Refused as refusal:
        form.add_error("question" if refusal.field else None, refusal.message)
        return _form(request, form, status=409)
    return redirect(page_url(inquiry))


def _form(request: HttpRequest, form: SiteQuestionForm, status: int = 200) -> HttpResponse:
    optional = [form[name] for name in ("area", "company_name", "contact_name", "email")]
    context = {
        "form": form,
        "asked": [form[name] for name in ("question", "mobile")],
        "optional": optional,
        "optional_open": any(field.errors for field in optional),
        "consent_text": consent_in_force(timezone.now()).text,
        "working_days": ours(policy.QUESTION_WORKING_DAYS),
    }
    return render(request, "inquiries/ask.html", context, status=status)


def check_question_rate(request: HttpRequest) -> None:
    """Questions and what is added to them have no end in number; an address has."""
    per_hour = ours(policy.QUESTIONS_PER_HOUR)
    check_rate("question", client_ip(request), per_hour=per_hour, now=timezone.now())


def question_context(inquiry: Inquiry) -> dict[str, Any]:
    entries = list(inquiry.entries.all())
    replies = [entry for entry in entries if entry.kind in REPLIES]
    return {
        "inquiry": inquiry,
        "state": inquiry.status,
        "entries": entries,
        "last_reply": replies[-1] if replies and inquiry.status in CAN_REOPEN else None,
        "is_open": inquiry.status == InquiryStatus.OPEN,
        "can_follow_up": inquiry.status in (InquiryStatus.OPEN, *CAN_REOPEN),
        "form": FollowUpForm(),
    }


@question_page
def question(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    """Where the question stands, what was said, what comes next and until when."""
    return render(request, "inquiries/question.html", question_context(inquiry))


@question_page
def more(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    """Add to the question, or ask again."""
    if request.method != "POST":
        return redirect(page_url(inquiry))
    form, status = FollowUpForm(request.POST), 422
    if form.is_valid():
        try:
            check_question_rate(request)
            services.follow_up(
                inquiry_id=inquiry.pk, text=form.cleaned_data["text"], actor=audit.HOLDER, now=timezone.now()
            )
        except TooOften as refusal:
            return too_often(request, refusal)
        except Refused as refusal:
            form.add_error("text", refusal.message)
            status = 409
        else:
            return redirect(page_url(inquiry))
    return render(request, "inquiries/question.html", question_context(inquiry) | {"form": form}, status=status)


@question_page
def withdraw(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    """Opening this page withdraws nothing; the press does."""
    if inquiry.status != InquiryStatus.OPEN:
        return redirect(page_url(inquiry))
    if request.method != "POST":
        return render(request, "inquiries/withdraw.html", {"inquiry": inquiry})
    try:
        services.withdraw(inquiry_id=inquiry.pk, actor=audit.HOLDER, now=timezone.now())
    except AlreadyDone:
        pass
    except Refused as refusal:
        return render(request, "inquiries/withdraw.html", {"inquiry": inquiry, "refusal": refusal}, status=409)
    return redirect(page_url(inquiry))


@question_page
def judge(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    """Whether the latest reply helped."""
    form, reply = JudgeForm(request.POST), question_context(inquiry)["last_reply"]
    if request.method == "POST" and reply and form.is_valid():
        services.judge_reply(entry_id=reply.pk, helped=form.cleaned_data["helped"], actor=audit.HOLDER)
    return redirect(page_url(inquiry))
