"""The record page's own questions, answered to its script: a key for its device, and what was typed. [3.6]"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeGuard

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from consultations import fields, services
from core.console import actor_of
from core.errors import Refused
from core.middleware import at_tablet, signed_out

# A record whose every field is full comes to a fifth of it.
KEEP_BYTES_MAX = 256 * 1024
REVISION_MAX = 2**31 - 1
# A refusal's code -> the answer's status; a sentence about a field is a 422.
STATUS_OF = {"malformed": 400, "gone": 404, "changed_by_other": 409, "signed": 410, "too_large": 413}

View = Callable[[HttpRequest, int], HttpResponse]


def for_the_script(view: View) -> View:
    """Nobody is led to a page here: who is signed out, may not, or is refused, is told in the script's language."""

    @never_cache
    @wraps(view)
    def answer(request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.is_authenticated:
            return signed_out()
        try:
            return view(request, pk)
        except PermissionDenied:
            return JsonResponse({"refused": _("您没有填写此记录的权限。")}, status=403)
        except Refused as refusal:
            return _refused(refusal)

    return answer


def _refused(refusal: Refused) -> JsonResponse:
    facts = {"refused": str(refusal.message), "field": refusal.field} | refusal.facts
    if "at" in facts:
        facts["at"] = timezone.localtime(facts["at"]).isoformat()
    return JsonResponse(facts, status=STATUS_OF.get(refusal.code, 422))


@for_the_script
@require_http_methods(["GET", "POST"])
def key(request: HttpRequest, pk: int) -> JsonResponse:
    """The key to what this person's device keeps; asked again and again, it is the page's sign of life.

    Posted to: that was given up, and its key is dropped for a new one.
    """
    actor, person = actor_of(request), request.GET.get("person")
    if person is not None and person != str(actor.pk):
        return signed_out()
    verb = services.discard_draft if request.method == "POST" else services.draft_key
    answer = {"key": verb(consultation_id=pk, actor=actor, now=timezone.now())}
    at_tablet(request)
    return JsonResponse(answer)


@for_the_script
@require_POST
def keep(request: HttpRequest, pk: int) -> JsonResponse:
    """Fields that were changed since `revision`. What came in meanwhile from another page of one's own comes back."""
    actor, sent = actor_of(request), _sent(request)
    if sent["person"] != actor.pk:
        # Somebody else signed in on this device meanwhile: these are not their words.
        return signed_out()
    record = services.keep_draft(
        consultation_id=pk, revision=sent["revision"], fields=sent["fields"], actor=actor, now=timezone.now()
    )
    answer: dict[str, Any] = {"revision": record.revision, "at": timezone.localtime(record.kept_at).isoformat()}
    if record.revision > sent["revision"] + 1:
        answer["fields"] = fields.read(record)
    return JsonResponse(answer)


def _sent(request: HttpRequest) -> dict[str, Any]:
    """What the page sent, its shape looked at. Refuses `too_large`, `malformed`."""
    # Asked before the body is read: of a form it would have been read already.
    if request.content_type != "application/json":
        raise _malformed()
    if int(request.META.get("CONTENT_LENGTH") or 0) > KEEP_BYTES_MAX:
        raise Refused("too_large", _("内容过长，请精简。"))
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        raise _malformed() from None
    if not _is_whole(sent):
        raise _malformed()
    return sent


def _malformed() -> Refused:
    return Refused("malformed", _("页面已更新，请刷新后再填写。"))


def _is_whole(sent: Any) -> TypeGuard[dict[str, Any]]:
    return (
        isinstance(sent, dict)
        and _is_number(sent.get("person"))
        and _is_number(sent.get("revision"))
        and isinstance(sent.get("fields"), dict)
        and all(_is_value(value) for value in sent["fields"].values())
    )


def _is_number(value: Any) -> bool:
    return type(value) is int and 0 <= value <= REVISION_MAX


def _is_value(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))
