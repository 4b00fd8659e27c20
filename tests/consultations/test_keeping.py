"""What a tablet's script asks: a key for what its device keeps, and the fields that were typed. [3.6]"""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client

from consultations import services
from consultations.console_keep import KEEP_BYTES_MAX
from consultations.enums import RecordStatus
from consultations.models import Consultation, DraftKey
from consultations.tasks import forget_draft_keys
from core import policy
from core.errors import Refused
from core.models import Heartbeat, User
from departments.enums import Role
from tests.conftest import CAST, CAST_PASSWORD, Cast, make_person
from tests.consultations.conftest import AT_TABLE, SIGNED, keep, ready, sign
from tests.factories import department

pytestmark = [pytest.mark.clause("[3.6]"), pytest.mark.django_db]
SAME_START = True
MAY = {"department_head", "department_staff"}
JSON = "application/json"
# The person with their role; the transaction; record, its session and chairs; the old key, the key.
QUERIES = 8
LATER = AT_TABLE + timedelta(minutes=1)


def key_of(record: Consultation, actor: User, now: Any = AT_TABLE) -> str:
    return services.draft_key(consultation_id=record.pk, actor=actor, now=now)


def address(record: Consultation, name: str) -> str:
    return f"/console/consultations/consultation/{record.pk}/{name}/"


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(LATER, tick=False) as moving:
        yield moving


@pytest.fixture
def tablet(record: Consultation, cast: Cast, clock: Any, client: Client) -> Client:
    """The head at the table, signed in as people are."""
    enter(client, cast.department_head)
    return client


def enter(client: Client, person: User) -> None:
    client.post("/console/login/", {"username": person.username, "password": CAST_PASSWORD})


def post(client: Client, record: Consultation, actor: User, revision: Any = 0, **fields: Any) -> Any:
    return send(client, record, {"person": actor.pk, "revision": revision, "fields": fields})


def send(client: Client, record: Consultation, content: Any) -> Any:
    body = content if isinstance(content, str | bytes) else json.dumps(content)
    return client.post(address(record, "keep"), body, content_type=JSON, headers={"accept": JSON})


class TestKey:
    def test_key_is_of_256_bits_and_the_same_again(self, record: Consultation, cast: Cast) -> None:
        key = key_of(record, cast.department_head)
        assert len(base64.b64decode(key)) == 32
        assert key_of(record, cast.department_head, LATER) == key
        assert DraftKey.objects.count() == 1

    def test_each_person_has_a_key_of_their_own(self, record: Consultation, cast: Cast) -> None:
        assert key_of(record, cast.department_head) != key_of(record, cast.department_staff)

    def test_key_does_not_stand_in_the_table(self, record: Consultation, cast: Cast, settings: Any) -> None:
        key = key_of(record, cast.department_head)
        kept = DraftKey.objects.get()
        assert key not in (kept.seed, base64.b64encode(kept.seed.encode()).decode())
        settings.LINK_KEY = "of another system"
        assert kept.key != key

    @pytest.mark.parametrize("name", CAST)
    def test_only_the_departments_at_the_table_have_one(self, record: Consultation, cast: Cast, name: str) -> None:
        if name in MAY:
            assert key_of(record, cast[name])
            return
        for verb in (services.draft_key, services.discard_draft):
            with pytest.raises(PermissionDenied):
                verb(consultation_id=record.pk, actor=cast[name], now=AT_TABLE)
        assert not DraftKey.objects.exists()

    def test_head_of_a_department_elsewhere_has_none(self, record: Consultation) -> None:
        stranger = make_person("elsewhere", Role.DEPARTMENT_HEAD, department("市统计局"))
        with pytest.raises(PermissionDenied):
            key_of(record, stranger)

    def test_key_is_another_one_after_72_hours(self, record: Consultation, cast: Cast) -> None:
        key = key_of(record, cast.department_head)
        last = AT_TABLE + timedelta(hours=policy.DRAFT_KEY_HOURS)
        assert key_of(record, cast.department_head, last - timedelta(seconds=1)) == key
        assert key_of(record, cast.department_head, last) != key
        assert DraftKey.objects.count() == 1

    def test_key_is_forgotten_after_72_hours_whoever_asks_or_not(self, record: Consultation, cast: Cast) -> None:
        key_of(record, cast.department_head)
        key_of(record, cast.department_staff, AT_TABLE + timedelta(hours=1))
        last = AT_TABLE + timedelta(hours=policy.DRAFT_KEY_HOURS)
        assert services.forget_draft_keys(last - timedelta(seconds=1)) == 0
        assert services.forget_draft_keys(last) == 1
        assert DraftKey.objects.get().person == cast.department_staff

    def test_forgetting_runs_by_itself_and_says_so(self, record: Consultation, cast: Cast) -> None:
        key_of(record, cast.department_head)
        with time_machine.travel(AT_TABLE + timedelta(hours=73), tick=False):
            assert forget_draft_keys() == 1
            assert forget_draft_keys() == 0
        assert Heartbeat.objects.get(job="consultations.forget_draft_keys").last_count == 0

    def test_discarded_draft_has_another_key(self, record: Consultation, cast: Cast) -> None:
        key, other = key_of(record, cast.department_head), key_of(record, cast.department_staff)
        services.discard_draft(consultation_id=record.pk, actor=cast.department_head, now=LATER)
        assert key_of(record, cast.department_head) != key
        assert key_of(record, cast.department_staff) == other

    def test_sign_off_drops_every_key_and_makes_none(self, record: Consultation, cast: Cast) -> None:
        key_of(record, cast.department_head)
        key_of(record, cast.department_staff)
        sign(ready(record, cast.department_head), cast.department_head)
        assert not DraftKey.objects.exists()
        for verb in (services.draft_key, services.discard_draft):
            with pytest.raises(Refused, match="signed"):
                verb(consultation_id=record.pk, actor=cast.department_head, now=SIGNED)
        assert not DraftKey.objects.exists()

    def test_sign_off_that_is_refused_leaves_the_keys(self, record: Consultation, cast: Cast) -> None:
        key = key_of(record, cast.department_head)
        with pytest.raises(Refused, match="incomplete"):
            sign(record, cast.department_head)
        assert key_of(record, cast.department_head) == key

    def test_key_of_no_record_is_refused(self, cast: Cast) -> None:
        with pytest.raises(Refused, match="gone"):
            services.draft_key(consultation_id=10**9, actor=cast.department_head, now=AT_TABLE)

    def test_two_keys_of_one_person_are_refused_by_the_database(self, record: Consultation, cast: Cast) -> None:
        DraftKey.objects.create(consultation=record, person=cast.department_head)
        with pytest.raises(IntegrityError), transaction.atomic():
            DraftKey.objects.create(consultation=record, person=cast.department_head)


class TestKeyAddress:
    def test_key_is_handed_out_and_never_kept_on_the_way(
        self, tablet: Client, record: Consultation, cast: Cast
    ) -> None:
        answer = tablet.get(address(record, "key"), {"person": cast.department_head.pk})
        assert answer.json() == {"key": key_of(record, cast.department_head)}
        assert "no-store" in answer["Cache-Control"]

    def test_post_hands_out_another_one(self, tablet: Client, record: Consultation, cast: Cast) -> None:
        before = tablet.get(address(record, "key")).json()["key"]
        after = tablet.post(address(record, "key")).json()["key"]
        assert after != before
        assert tablet.get(address(record, "key")).json() == {"key": after}

    def test_page_of_another_person_is_told_that_they_are_signed_out(
        self, tablet: Client, record: Consultation, cast: Cast
    ) -> None:
        """Somebody else signed in on the same tablet: the page of the one before gets neither key."""
        for person in (cast.department_staff.pk, "x", ""):
            answer = tablet.get(address(record, "key"), {"person": person})
            assert (answer.status_code, answer.json()) == (401, {"signed_out": True})
        assert not DraftKey.objects.exists()

    def test_nobody_is_told_so_and_not_led_to_the_door(self, record: Consultation, client: Client) -> None:
        for name, ask in (("key", client.get), ("key", client.post), ("keep", client.post)):
            answer = ask(address(record, name))
            assert (answer.status_code, answer.json()) == (401, {"signed_out": True})

    def test_who_may_not_is_told_in_a_sentence(self, record: Consultation, cast: Cast, client: Client) -> None:
        client.force_login(cast.bureau_staff)
        answer = client.get(address(record, "key"))
        assert (answer.status_code, answer.json()) == (403, {"refused": "您没有填写此记录的权限。"})
        assert not client.session.get("at_tablet")

    def test_signed_record_is_gone_for_the_script(self, tablet: Client, record: Consultation, cast: Cast) -> None:
        sign(ready(record, cast.department_head), cast.department_head)
        assert tablet.get(address(record, "key")).status_code == 410
        answer = post(tablet, record, cast.department_head, 1, reply="迟到的话")
        assert (answer.status_code, "已签办" in answer.json()["refused"]) == (410, True)

    def test_other_methods_are_refused(self, tablet: Client, record: Consultation) -> None:
        assert tablet.put(address(record, "key")).status_code == 405
        assert tablet.get(address(record, "keep")).status_code == 405


class TestKeepAddress:
    def test_fields_are_kept_and_the_moment_is_said(self, tablet: Client, record: Consultation, cast: Cast) -> None:
        answer = post(tablet, record, cast.department_head, reply="本月办结。", outcome="solved")
        assert answer.json() == {"revision": 1, "at": "2026-11-26T09:04:00+08:00"}
        record.refresh_from_db()
        assert (record.reply, record.outcome, record.kept_by) == ("本月办结。", "solved", cast.department_head)

    def test_sent_again_after_a_lost_answer_it_counts_once(
        self, tablet: Client, record: Consultation, cast: Cast
    ) -> None:
        first = post(tablet, record, cast.department_head, reply="本月办结。")
        again = post(tablet, record, cast.department_head, reply="本月办结。")
        assert first.json() == again.json()
        assert Consultation.objects.get().revision == 1
        assert Consultation.history.filter(reply="本月办结。").count() == 1

    def test_second_of_two_people_is_told_with_what_the_first_wrote(
        self, tablet: Client, record: Consultation, cast: Cast
    ) -> None:
        keep(record, cast.department_staff, reply="经办人写的")
        answer = post(tablet, record, cast.department_head, reply="局长写的")
        told = answer.json()
        assert answer.status_code == 409
        assert (told["by"], told["at"], told["revision"]) == ("部门经办", "2026-11-26T09:03:00+08:00", 1)
        assert told["fields"]["reply"] == "经办人写的"
        assert Consultation.objects.get().reply == "经办人写的"
        assert post(tablet, record, cast.department_head, told["revision"], reply="局长写的").status_code == 200
        assert Consultation.objects.get().reply == "局长写的"

    def test_words_of_ones_own_other_page_come_back(self, tablet: Client, record: Consultation, cast: Cast) -> None:
        keep(record, cast.department_head, opinion="另一页写的")
        answer = post(tablet, record, cast.department_head, reply="这一页写的").json()
        assert (answer["revision"], answer["fields"]["opinion"], answer["fields"]["reply"]) == (
            2,
            "另一页写的",
            "这一页写的",
        )

    def test_words_of_who_signed_out_are_not_put_in_anothers_mouth(
        self, tablet: Client, record: Consultation, cast: Cast
    ) -> None:
        answer = post(tablet, record, cast.department_staff, reply="经办人写的")
        assert (answer.status_code, answer.json()) == (401, {"signed_out": True})
        assert Consultation.objects.get().reply == ""

    @pytest.mark.parametrize("name", CAST)
    def test_only_the_departments_at_the_table_keep(
        self, record: Consultation, cast: Cast, client: Client, name: str
    ) -> None:
        client.force_login(cast[name])
        assert post(client, record, cast[name], reply="写").status_code == (200 if name in MAY else 403)
        assert bool(Consultation.objects.get().reply) is (name in MAY)

    def test_record_that_is_not_there_is_not_found(self, tablet: Client, record: Consultation, cast: Cast) -> None:
        nowhere = Consultation(pk=10**9)
        assert post(tablet, nowhere, cast.department_head, reply="写").status_code == 404
        assert tablet.get(address(nowhere, "key")).status_code == 404

    @pytest.mark.parametrize(
        "fields",
        [{"reply": "字" * 2001}, {"outcome": "forgotten"}, {"status": "signed"}, {"assisting": ["0"]}, {"lead": "x"}],
    )
    def test_what_a_field_cannot_hold_is_told_at_the_field(
        self, tablet: Client, record: Consultation, cast: Cast, fields: dict[str, Any]
    ) -> None:
        answer = post(tablet, record, cast.department_head, **fields)
        assert answer.status_code == 422
        assert answer.json()["field"] == next(iter(fields))
        record.refresh_from_db()
        assert (record.revision, record.status) == (0, RecordStatus.DRAFT)

    @pytest.mark.parametrize(
        "body",
        [
            "",
            "{",
            "null",
            "[]",
            "[" * 100_000,
            b"\xff\xfe\x00",
            "1" * 5000,
            '{"person": 1, "revision": 0}',
            '{"person": PERSON, "revision": 0, "fields": []}',
            '{"person": PERSON, "revision": 0, "fields": {"reply": 1}}',
            '{"person": PERSON, "revision": 0, "fields": {"reply": null}}',
            '{"person": PERSON, "revision": 0, "fields": {"reply": {"a": "b"}}}',
            '{"person": PERSON, "revision": 0, "fields": {"assisting": [["1"]]}}',
            '{"person": PERSON, "revision": true, "fields": {}}',
            '{"person": PERSON, "revision": -1, "fields": {}}',
            '{"person": PERSON, "revision": 0.5, "fields": {}}',
            '{"person": PERSON, "revision": NaN, "fields": {}}',
            '{"person": PERSON, "revision": "0", "fields": {}}',
            '{"person": PERSON, "revision": 99999999999999999999, "fields": {}}',
            '{"person": "PERSON", "revision": 0, "fields": {}}',
        ],
        ids=range(20),
    )
    def test_malformed_content_is_refused(
        self, tablet: Client, record: Consultation, cast: Cast, body: str | bytes
    ) -> None:
        if isinstance(body, str):
            body = body.replace("PERSON", str(cast.department_head.pk))
        answer = send(tablet, record, body)
        assert (answer.status_code, answer.json()["field"]) == (400, None)
        assert Consultation.objects.get().revision == 0

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
    def test_what_another_sites_form_could_send_is_refused(
        self, tablet: Client, record: Consultation, kind: str
    ) -> None:
        answer = tablet.post(address(record, "keep"), "--x--", content_type=f"{kind}; boundary=x")
        assert answer.status_code == 400

    def test_form_with_the_right_token_in_its_head_is_refused_too(
        self, record: Consultation, cast: Cast, clock: Any
    ) -> None:
        """Looking for the token there, Django has read the body already."""
        client = Client(enforce_csrf_checks=True)
        client.force_login(cast.department_head)
        client.get("/console/password_change/")
        token = client.cookies["csrftoken"].value
        answer = client.post(address(record, "keep"), {"fields": "x"}, headers={"x-csrftoken": token})
        assert answer.status_code == 400
        assert post(client, record, cast.department_head, reply="写").status_code == 403
        assert Consultation.objects.get().reply == ""

    def test_too_much_is_refused_before_it_is_read(self, tablet: Client, record: Consultation, cast: Cast) -> None:
        assert post(tablet, record, cast.department_head, reply="x" * KEEP_BYTES_MAX).status_code == 413
        assert send(tablet, record, "x" * (3 * 1024 * 1024)).status_code == 413

    @pytest.mark.parametrize("text", ["零\x00字符", "半个\ud83d字", "退格\x08"])
    def test_characters_that_no_database_holds_are_left_out(
        self, tablet: Client, record: Consultation, cast: Cast, text: str
    ) -> None:
        assert post(tablet, record, cast.department_head, reply=text).status_code == 200
        assert len(Consultation.objects.get().reply) == len(text) - 1


class TestSignIn:
    """An open record on a living page keeps its sign-in; what ran out is told to the script. Rule of accounts."""

    def test_tablet_idles_for_thirty_minutes(self, tablet: Client, record: Consultation, clock: Any) -> None:
        assert tablet.get(address(record, "key")).status_code == 200
        clock.shift(timedelta(minutes=29))
        assert tablet.get(address(record, "key")).status_code == 200
        clock.shift(timedelta(minutes=31))
        answer = tablet.get(address(record, "key"), headers={"accept": JSON})
        assert (answer.status_code, answer.json()) == (401, {"signed_out": True})
        assert "_auth_user_id" not in tablet.session

    def test_tablet_of_the_queue_does_too(self, tablet: Client, record: Consultation, clock: Any) -> None:
        queue = f"/console/consultations/consultation/table/{record.session_id}/"
        assert tablet.get(queue).status_code == 200
        clock.shift(timedelta(minutes=29))
        assert tablet.get(queue).status_code == 200

    def test_console_beside_it_idles_for_fifteen(self, tablet: Client, clock: Any) -> None:
        assert tablet.get("/console/").status_code == 200
        clock.shift(timedelta(minutes=16))
        assert tablet.get("/console/").status_code == 302

    def test_living_page_keeps_the_sign_in_but_not_beyond_eight_hours(
        self, tablet: Client, record: Consultation, clock: Any
    ) -> None:
        for _minute in range(0, 8 * 60, 10):
            assert tablet.get(address(record, "key"), headers={"accept": JSON}).status_code == 200
            clock.shift(timedelta(minutes=10))
        clock.shift(timedelta(seconds=1))
        assert tablet.get(address(record, "key"), headers={"accept": JSON}).status_code == 401

    def test_same_person_signs_in_again_and_finds_the_same_key(
        self, tablet: Client, record: Consultation, cast: Cast, clock: Any
    ) -> None:
        before = tablet.get(address(record, "key")).json()
        clock.shift(timedelta(minutes=31))
        assert tablet.get(address(record, "key"), headers={"accept": JSON}).status_code == 401
        enter(tablet, cast.department_head)
        assert tablet.get(address(record, "key")).json() == before

    def test_who_must_change_the_password_first_is_led_there(
        self, tablet: Client, record: Consultation, cast: Cast
    ) -> None:
        """The page tells a redirect from an answer, and says what is in the way."""
        cast.department_head.must_change_password = True
        cast.department_head.save()
        assert tablet.get(address(record, "key"), headers={"accept": JSON}).status_code == 302


def test_sign_of_life_costs_a_literal_number_of_queries(
    tablet: Client, record: Consultation, django_assert_num_queries: Any
) -> None:
    tablet.get(address(record, "key"))
    with django_assert_num_queries(QUERIES):
        tablet.get(address(record, "key"))
