"""Records and cases, and what their addresses answer to whom. [3.6] [3.7]"""

from tests.portal.visitors import (
    APPROVER,
    BUREAU,
    HEAD,
    INSPECTION,
    NOBODY,
    OF_ONE_UNIT,
    OTHER_UNIT,
    STAFF,
    SUPERVISOR,
    UNIT,
    Answer,
    Row,
    console,
    model,
    public,
)

# Who sees the records of 市税务局's sessions; of another department's there is nothing to be found.
RECORDS = BUREAU | UNIT | INSPECTION


def record(page: str, *answers: Answer, **arguments: str) -> Row:
    path = f"consultations/consultation/<key:pk>/{page}"
    return console(path, *answers, (OTHER_UNIT, 404, 404), **({"pk": "draft"} | arguments))


SECRET = [
    # At the same address, once there is a case.
    public("b/<secret:secret>/", 200, 200, secret="came.ticket_secret"),
    public("b/<secret:secret>/case/add/", 200, 422, secret="came.ticket_secret"),
    public("b/<secret:secret>/case/add/", 404, 404, secret="booked.ticket_secret"),
    public("b/<secret:secret>/case/add/keep/", 404, 204, secret="came.ticket_secret"),
    public(
        "b/<secret:secret>/case/files/<key:file_id>/",
        *(200, 200),
        secret="came.ticket_secret",
        file_id="added_file",
    ),
    public(
        "b/<secret:secret>/case/files/<key:file_id>/", 404, 404, secret="booked.ticket_secret", file_id="added_file"
    ),
    public(
        "b/<secret:secret>/case/files/<key:file_id>/remove/",
        *(302, 302),
        secret="came.ticket_secret",
        file_id="added_file",
    ),
]
PAGES = [
    console(
        "cases/case/<key:pk>/files/<key:file_id>/",
        (BUREAU | UNIT | INSPECTION, 200, 200),
        (OTHER_UNIT, 404, 404),
        pk="case",
        file_id="case_file",
    ),
    console(
        "cases/case/<key:pk>/added/<key:file_id>/",
        (BUREAU | UNIT | INSPECTION, 200, 200),
        (OTHER_UNIT, 404, 404),
        pk="case",
        file_id="added_file",
    ),
    console("consultations/consultation/table/", (UNIT | OTHER_UNIT, 200, 200)),
    console("consultations/consultation/table/<key:session_id>/", (UNIT, 200, 302), session_id="came.session_id"),
    record("record/", (UNIT, 200, 200)),
    record("record/", (UNIT, 302, 302), pk="signed"),
    record("sign/", (HEAD, 302, 302)),
    record("sign/", (HEAD, 302, 302), pk="signed"),
    record("correct/", (HEAD, 302, 302)),
    record("correct/", (HEAD, 200, 200), pk="signed"),
    record("print/", (RECORDS, 200, 200)),
    record("word/", (RECORDS, 200, 200)),
    record("signature/<slug:side>/", (RECORDS, 200, 200), side="enterprise"),
    record("files/<key:attachment_id>/", (RECORDS, 200, 200), attachment_id="seen_file"),
    console("cases/inbox/", (BUREAU | UNIT | OTHER_UNIT, 200, 200)),
    console("cases/supervision/", (BUREAU | INSPECTION, 200, 200)),
    console("cases/urge/", (BUREAU | INSPECTION, 302, 302)),
    console("cases/filters/", (BUREAU | UNIT | OTHER_UNIT | INSPECTION, 405, 302), (STAFF, 405, 403)),
    console(
        "cases/filters/<key:pk>/remove/",
        *((BUREAU | UNIT | OTHER_UNIT | INSPECTION, 405, 302), (STAFF, 405, 403)),
        pk="1",
    ),
]
# What a page's script asks: who is signed out is told so, and not led to the door.
SCRIPTS = [
    Row(
        "console/consultations/consultation/<key:pk>/key/",
        ((NOBODY, 401, 401), (UNIT, 200, 200), (STAFF, 403, 403)),
        {"pk": "draft"},
    ),
    Row(
        "console/consultations/consultation/<key:pk>/key/",
        ((NOBODY, 401, 401), (UNIT, 410, 410), (STAFF, 403, 403)),
        {"pk": "signed"},
    ),
    Row(
        "console/consultations/consultation/<key:pk>/keep/",
        ((NOBODY, 401, 401), (STAFF, 405, 400)),
        {"pk": "draft"},
    ),
]
MODELS = [
    *model(
        "consultations/consultation",
        "draft",
        view=RECORDS | OTHER_UNIT,
        **OF_ONE_UNIT,
    ),
    *model(
        "cases/case",
        "case",
        view=BUREAU | UNIT | OTHER_UNIT | INSPECTION,
        verbs=[
            ("link", BUREAU, 422),
            ("unlink", BUREAU, 422),
            ("merge", BUREAU, 422),
            ("unmerge", BUREAU, 422),
            ("close-together", SUPERVISOR | APPROVER, 422),
            ("common", BUREAU, 422),
            ("add-to-common", BUREAU, 422),
            ("close", SUPERVISOR | APPROVER, 422),
            ("urge", BUREAU | INSPECTION, 422),
            ("joint", BUREAU, 422),
            ("limit", BUREAU, 422),
            ("added", BUREAU, 422),
            ("reveal", BUREAU | UNIT | INSPECTION, 422),
            ("follow-up", INSPECTION, 422),
            ("typical", BUREAU, 302),
        ],
        **OF_ONE_UNIT,
    ),
    *model(
        "cases/assignment",
        "part",
        view=BUREAU | UNIT | OTHER_UNIT | INSPECTION,
        listed=((STAFF, 302, 302),),
        page=((STAFF, 302, 302),),
        past=((OTHER_UNIT, 403, 403),),
        verbs=[
            ("answer-together", BUREAU | UNIT, 422),
            ("accept-together", BUREAU, 422, (APPROVER, 200, 403)),
            *(
                (verb, BUREAU | UNIT, 422)
                for verb in ("plan", "divide", "feedback", "change-plan", "extend", "object")
            ),
            # The inspection office decides only where the bureau handles.
            ("accept", BUREAU, 422, (APPROVER, 200, 403)),
            ("return", BUREAU | APPROVER, 422),
            *((verb, SUPERVISOR | APPROVER, 422) for verb in ("uphold", "dismiss", "grant", "refuse")),
        ],
    ),
    *model(
        "cases/commondemand",
        "common_demand",
        view=BUREAU | UNIT | OTHER_UNIT | INSPECTION,
        verbs=[("settle", BUREAU, 422), ("reopen", BUREAU, 422), ("change", BUREAU, 422), ("take-out", BUREAU, 422)],
        **OF_ONE_UNIT,
    ),
]
