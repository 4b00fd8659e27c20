"""Every address of the system and what it answers to whom. A new address is entered here or the test goes red.

An answer is a pair: the status of a GET, and of a POST with nothing in it. Of several, the first whose people include
the visitor holds. Arguments name something of `world.World`; a plain word stands for itself.
"""

from tests.portal import (
    addresses_common,
    addresses_evaluations,
    addresses_quarter,
    addresses_ratings,
    addresses_reports,
    addresses_results,
    addresses_typical,
)
from tests.portal.visitors import (
    ADMINISTRATOR,
    APPROVER,
    AUDITOR,
    BUREAU,
    BUSINESS,
    DESK,
    HEAD,
    INSPECTION,
    NOBODY,
    NONE,
    OTHER_UNIT,
    SECURITY,
    STAFF,
    SUPERVISOR,
    UNIT,
    Answer,
    Row,
    console,
    model,
    public,
)

PUBLIC = [
    public("", 200, 200),
    public("healthz", 200, 200),
    public("find/", 200, 200),
    public("questions/", 200, 200),
    public("questions/ask/", 200, 422),
    public("feedback/", 200, 200),
    public("view/", 302, 302),
    public("announcements.atom", 200, 200),
    public("announcements.ics", 200, 200),
    *addresses_results.PUBLIC,
    public("sittings/", 200, 200),
    public("sittings/<key:pk>/", 200, 200, pk="sitting"),
    public("sittings/<key:pk>/", 404, 404, pk="planned"),
    public("sittings/<key:pk>/poster/", 200, 200, pk="sitting"),
    public("sittings/<key:pk>/poster/", 404, 404, pk="planned"),
    public("sittings/<key:pk>/calendar.ics", 200, 200, pk="sitting"),
    public("sittings/<key:pk>/number/", 200, 422, pk="sitting"),
    public("sittings/<key:pk>/number/", 404, 404, pk="planned"),
]
# Whoever has the address is its holder; the check-in code opens nothing but its own page.
SECRET = [
    *addresses_ratings.SECRET,
    public("b/<secret:secret>/", 200, 200, secret="held.ticket_secret"),
    public("b/<secret:secret>/", 200, 200, secret="booked.ticket_secret"),
    public("b/<secret:secret>/", 404, 404, secret="booked.checkin_secret"),
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
    public("b/<secret:secret>/booking.ics", 200, 200, secret="booked.ticket_secret"),
    *[
        public("b/<secret:secret>/form/<slug:step>/", 200, post, secret="held.ticket_secret", step=step)
        for step, post in (
            *(("grounds", 302), ("demand", 422), ("facts", 422), ("contact", 422)),
            *(("files", 302), ("review", 422)),
        )
    ],
    public("b/<secret:secret>/form/<slug:step>/", 404, 404, secret="held.ticket_secret", step="nothing"),
    public("b/<secret:secret>/form/<slug:step>/", 302, 302, secret="booked.ticket_secret", step="demand"),
    public("b/<secret:secret>/form/<slug:step>/", 302, 302, secret="ran_out.ticket_secret", step="demand"),
    public("b/<secret:secret>/form/<slug:step>/keep/", 404, 204, secret="held.ticket_secret", step="demand"),
    public("b/<secret:secret>/form/<slug:step>/keep/", 404, 409, secret="booked.ticket_secret", step="demand"),
    public(
        "b/<secret:secret>/files/<key:attachment_id>/",
        *(200, 200),
        secret="held.ticket_secret",
        attachment_id="held_file",
    ),
    public(
        "b/<secret:secret>/files/<key:attachment_id>/",
        *(404, 404),
        secret="held.ticket_secret",
        attachment_id="booked_file",
    ),
    public(
        "b/<secret:secret>/files/<key:attachment_id>/remove/",
        *(302, 302),
        secret="held.ticket_secret",
        attachment_id="held_file",
    ),
    public("b/<secret:secret>/cancel/", 200, 302, secret="booked.ticket_secret"),
    public("b/<secret:secret>/cancel/", 302, 302, secret="ran_out.ticket_secret"),
    public("b/<secret:secret>/again/", 302, 302, secret="booked.ticket_secret"),
    public("b/<secret:secret>/again/", 200, 302, secret="ran_out.ticket_secret"),
    public("mobile/", 404, 404),  # only where a gateway is configured
    public("b/<secret:secret>/mobile/", 302, 302, secret="held.ticket_secret"),
    public("b/<secret:secret>/facts/", 200, 422, secret="returned.ticket_secret"),
    public("b/<secret:secret>/facts/", 302, 302, secret="booked.ticket_secret"),
    public("b/<secret:secret>/solved/", 200, 200, secret="accepted.ticket_secret"),
    public("b/<secret:secret>/solved/", 302, 302, secret="booked.ticket_secret"),
    public("b/<secret:secret>/next/", 302, 409, secret="booked.ticket_secret"),
    public("hall/<secret:secret>/", 200, 200, secret="hall"),
    public("hall/<secret:secret>/", 404, 404, secret="booked.ticket_secret"),
    public("hall/<secret:secret>/calls/", 200, 200, secret="hall"),
    public("b/<secret:secret>/pressure/", 200, 200, secret="booked.ticket_secret"),
    # Who works at the desk is led to the console, from where it can be pressed.
    Row(
        "c/<secret:secret>/",
        ((DESK | UNIT | OTHER_UNIT, 302, 302), (NOBODY | STAFF, 200, 200)),
        {"secret": "booked.checkin_secret"},
    ),
    public("c/<secret:secret>/", 404, 404, secret="booked.ticket_secret"),
    public("q/<secret:secret>/", 200, 200, secret="asked.secret"),
    public("q/<secret:secret>/", 404, 404, secret="booked.ticket_secret"),
    public("q/<secret:secret>/more/", 302, 422, secret="asked.secret"),
    public("q/<secret:secret>/withdraw/", 200, 302, secret="asked.secret"),
    public("q/<secret:secret>/withdraw/", 302, 302, secret="answered.secret"),
    public("q/<secret:secret>/helped/", 302, 302, secret="answered.secret"),
]
# What Django's admin brings for everybody who is signed in.
CONSOLE = [
    console("", (STAFF, 200, 200)),
    Row("console/login/", ((NOBODY, 200, 200), (STAFF, 302, 200))),
    console("logout/", (STAFF, 405, 200)),
    console("password_change/", (STAFF, 200, 200)),
    console("password_change/done/", (STAFF, 200, 405)),
    console("autocomplete/", (STAFF, 403, 405)),
    console("jsi18n/", (STAFF, 200, 405)),
    console("r/<path:content_type_id>/<path:object_id>/", (STAFF, 404, 404), content_type_id="1", object_id="1"),
    console(
        "^(?P<app_label>core|notifications|departments|deadlines|sessions_app|appointments|inquiries|cases|consultations|evaluations|reports|portal|auth)/$",
        (STAFF, 302, 302),
        path="console/core/",
    ),
    console("(?P<url>.*)$", (STAFF, 404, 404), path="console/nowhere/"),
]
# Who sees the records of 市税务局's sessions; of another department's there is nothing to be found.
RECORDS = BUREAU | UNIT | INSPECTION


def record(page: str, *answers: Answer, **arguments: str) -> Row:
    path = f"consultations/consultation/<key:pk>/{page}"
    return console(path, *answers, (OTHER_UNIT, 404, 404), **({"pk": "draft"} | arguments))


PAGES = [
    *addresses_ratings.PAGES,
    *addresses_quarter.QUARTER,
    console("core/calendaryear/import/", (BUREAU, 200, 422)),
    console("core/calendaryear/import/confirm/", (BUREAU, 302, 302)),
    console("core/calendaryear/import/template/", (BUREAU, 200, 200)),
    console("sessions_app/sitting/new/", (BUREAU, 200, 200)),
    console("sessions_app/sitting/generate/", (BUREAU, 200, 200)),
    console("sessions_app/sitting/import/", (BUREAU, 200, 422)),
    console("sessions_app/sitting/import/confirm/", (BUREAU, 302, 302)),
    console("sessions_app/sitting/template/", (BUREAU, 200, 200)),
    console("sessions_app/sitting/export/", (BUREAU, 200, 200)),
    console("appointments/booking/triage/", (BUREAU, 302, 302)),
    console("appointments/booking/triage/<key:pk>/", (BUREAU, 200, 200), pk="booked"),
    console("appointments/booking/triage/<key:pk>/", (BUREAU, 302, 302), pk="accepted"),
    console("appointments/booking/placing/", (BUREAU | UNIT | OTHER_UNIT, 302, 302)),
    console(
        "appointments/booking/placing/<key:sitting_id>/", (BUREAU | UNIT | OTHER_UNIT, 200, 302), sitting_id="sitting"
    ),
    console(
        "appointments/booking/placing/<key:sitting_id>/", (BUREAU | UNIT | OTHER_UNIT, 404, 404), sitting_id="planned"
    ),
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
    console("appointments/queueentry/checkin/", (DESK | UNIT | OTHER_UNIT, 200, 422)),
    console("appointments/queueentry/checkin/<key:pk>/", (DESK | UNIT, 200, 200), pk="came"),
    console("appointments/queueentry/checkin/<key:pk>/", (DESK, 200, 409), pk="booked"),
    console(
        "appointments/queueentry/checkin/code/<secret:secret>/",
        *((DESK | UNIT | OTHER_UNIT, 302, 302),),
        secret="came.checkin_secret",
    ),
    console("appointments/queueentry/day/", (DESK | UNIT | OTHER_UNIT, 200, 200)),
    console("appointments/queueentry/day/<key:session_id>/", (DESK | UNIT, 200, 302), session_id="came.session_id"),
    console("appointments/boarddevice/new/", (BUREAU, 200, 422)),
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
    console("reports/serviceitemslist/make/", (BUREAU, 200, 422)),
    console(
        "reports/serviceitemslist/<key:pk>/export/",
        (BUREAU | INSPECTION, 200, 200),
        (UNIT | OTHER_UNIT, 404, 404),
        pk="items",
    ),
    console(
        "reports/serviceitemslist/<key:pk>/export/",
        (BUREAU | INSPECTION | UNIT | OTHER_UNIT, 200, 200),
        pk="sent_items",
    ),
    *addresses_reports.PAGES,
    *addresses_common.PAGES,
    *addresses_results.PAGES,
    console("appointments/booking/desk/", (DESK, 200, 200)),
    console("cases/inbox/", (BUREAU | UNIT | OTHER_UNIT, 200, 200)),
    console("cases/supervision/", (BUREAU | INSPECTION, 200, 200)),
    console("cases/urge/", (BUREAU | INSPECTION, 302, 302)),
    console("cases/filters/", (BUREAU | UNIT | OTHER_UNIT | INSPECTION, 405, 302), (STAFF, 405, 403)),
    console(
        "cases/filters/<key:pk>/remove/",
        *((BUREAU | UNIT | OTHER_UNIT | INSPECTION, 405, 302), (STAFF, 405, 403)),
        pk="1",
    ),
    console("inquiries/inquiry/desk/", (DESK, 200, 422)),
    console("inquiries/inquiry/<key:pk>/book/", (DESK, 200, 422), pk="asked"),
    console("appointments/booking/<key:pk>/answers/", (DESK, 200, 422), pk="desk"),
    console("appointments/booking/<key:pk>/answers/", (DESK, 404, 404), pk="held"),
    console(
        "appointments/booking/export/<key:sitting_id>/",
        (DESK | UNIT | OTHER_UNIT | INSPECTION, 200, 200),
        sitting_id="sitting",
    ),
    console(
        "appointments/booking/files/<key:pk>/",
        (DESK | UNIT | INSPECTION, 200, 200),
        (OTHER_UNIT, 404, 404),
        pk="booked_file",
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
    *model("core/calendaryear", "year", view=BUREAU | INSPECTION, past=((BUREAU | INSPECTION, 302, 302),)),
    *model(
        "core/setting",
        "hold_minutes",
        view=BUREAU | INSPECTION | ADMINISTRATOR,
        page=((STAFF, 302, 302),),
        verbs=[("change", SUPERVISOR, 422)],
    ),
    *model(
        "core/user",
        "user",
        view=ADMINISTRATOR | SECURITY | AUDITOR,
        add=ADMINISTRATOR,
        change=ADMINISTRATOR,
        verbs=[
            ("reset-password", ADMINISTRATOR, 422),
            ("unlock", ADMINISTRATOR, 302),
            ("deactivate", ADMINISTRATOR, 422),
            ("activate", ADMINISTRATOR, 422),
        ],
    ),
    *model("core/auditentry", "entry", view=INSPECTION | AUDITOR),
    *model(
        "notifications/message",
        "message",
        view=DESK | INSPECTION | UNIT | OTHER_UNIT,
        # A message of the bureau's is none of a department's.
        page=((UNIT | OTHER_UNIT, 302, 403),),
        past=((UNIT | OTHER_UNIT, 403, 403),),
        verbs=[
            ("record-call", DESK, 422),
            ("reveal", DESK, 422),
            ("give-up", DESK, 422),
            ("settle", DESK, 422),
            ("send-again", DESK, 302),
        ],
    ),
    *model("notifications/smstemplate", "template", view=BUREAU, add=BUREAU, change=BUREAU),
    *model("notifications/messagetext", "words", view=BUREAU, add=BUREAU, change=BUREAU),
    *model("departments/department", "department", view=STAFF, add=SUPERVISOR, change=BUREAU),
    *model(
        "departments/membership",
        "membership",
        view=BUREAU | INSPECTION | ADMINISTRATOR | SECURITY | AUDITOR,
        add=SECURITY,
        verbs=[("change-role", SECURITY, 422)],
    ),
    *model(
        "deadlines/obligation",
        "obligation",
        view=DESK | UNIT | OTHER_UNIT | INSPECTION,
        page=((OTHER_UNIT, 302, 403),),
        past=((OTHER_UNIT, 403, 403),),
        verbs=[("move-earlier", SUPERVISOR, 422), ("keep-day", SUPERVISOR, 422)],
    ),
    *model(
        "deadlines/escalation",
        "escalation",
        view=DESK | UNIT | OTHER_UNIT | INSPECTION,
        page=((OTHER_UNIT, 302, 403),),
        past=((OTHER_UNIT, 403, 403),),
        verbs=[("acknowledge", BUREAU | UNIT | INSPECTION, 422)],
    ),
    *model(
        "sessions_app/sitting",
        "planned",
        view=BUSINESS,
        verbs=[
            ("publish", BUREAU, 302),
            ("schedule", BUREAU, 302),
            ("add-session", BUREAU, 422),
            ("move", BUREAU, 422),
            ("call-off", BUREAU, 422),
        ],
    ),
    *model(
        "sessions_app/session",
        "extra",
        view=BUSINESS,
        listed=((STAFF, 302, 302),),
        verbs=[
            ("extra-number", BUREAU, 302),
            ("change", BUREAU, 422),
            ("remove", BUREAU, 302),
            ("move", BUREAU, 422),
            ("call-off", BUREAU, 422),
        ],
    ),
    *model(
        "appointments/booking",
        "booked",
        view=DESK | UNIT | OTHER_UNIT | INSPECTION,
        page=((OTHER_UNIT, 302, 403),),
        past=((OTHER_UNIT, 403, 403),),
        verbs=[
            ("assign", BUREAU, 422),
            ("solved", BUREAU | UNIT, 422),
            ("refuse", BUREAU, 422),
            ("settle", DESK, 422),
            ("mobile", DESK, 422),
            ("reveal", DESK | UNIT | INSPECTION, 422),
            ("cancel", DESK, 422),
            ("facts", DESK, 422),
        ],
    ),
    *model(
        "appointments/verification",
        "verification",
        view=BUREAU | UNIT | OTHER_UNIT | INSPECTION,
        page=((OTHER_UNIT, 302, 403),),
        past=((OTHER_UNIT, 403, 403),),
        verbs=[("record", BUREAU | UNIT, 422)],
    ),
    *model(
        "appointments/queueentry",
        "queue_entry",
        view=DESK | UNIT | OTHER_UNIT | INSPECTION,
        page=((OTHER_UNIT, 302, 403),),
        past=((OTHER_UNIT, 403, 403),),
    ),
    *model(
        "consultations/consultation",
        "draft",
        view=RECORDS | OTHER_UNIT,
        page=((OTHER_UNIT, 302, 403),),
        past=((OTHER_UNIT, 403, 403),),
    ),
    *model("appointments/boarddevice", "board", view=BUREAU, verbs=[("revoke", BUREAU, 302)]),
    *model("appointments/refusalground", "ground", view=BUREAU, change=BUREAU),
    *model("appointments/choice", "choice", view=BUREAU, add=BUREAU, change=BUREAU),
    *model("appointments/consenttext", "consent", view=BUREAU, add=BUREAU),
    # For the inspection office alone. [5.2]
    *model("appointments/pressurereport", "report", view=INSPECTION),
    *model(
        "inquiries/inquiry",
        "asked",
        view=DESK | UNIT | OTHER_UNIT | INSPECTION,
        page=((OTHER_UNIT, 302, 403),),
        past=((OTHER_UNIT, 403, 403),),
        verbs=[
            ("answer", DESK | UNIT, 422),
            ("correct", DESK | UNIT, 422),
            ("send-link", DESK, 302),
            ("point-on", DESK, 422),
            ("pass", DESK, 422),
            ("hand-back", DESK | UNIT, 422),
            ("reveal", DESK | INSPECTION, 422),
            ("withdraw", DESK, 422),
        ],
    ),
    *model("inquiries/frequentanswer", "frequent", view=DESK | INSPECTION, add=BUREAU, change=BUREAU),
    # Who rated how: for the inspection office alone. [5.2]
    *model("evaluations/rating", "rating", view=INSPECTION),
    *model("portal/feedback", "opinion", view=BUREAU, page=((BUREAU, 200, 302),)),
    *model(
        "cases/case",
        "case",
        view=BUREAU | UNIT | OTHER_UNIT | INSPECTION,
        page=((OTHER_UNIT, 302, 403),),
        past=((OTHER_UNIT, 403, 403),),
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
        page=((OTHER_UNIT, 302, 403),),
        past=((OTHER_UNIT, 403, 403),),
        verbs=[("settle", BUREAU, 422), ("reopen", BUREAU, 422), ("change", BUREAU, 422), ("take-out", BUREAU, 422)],
    ),
    *model(
        "reports/serviceitemslist",
        "items",
        view=BUREAU | UNIT | OTHER_UNIT | INSPECTION,
        page=((UNIT | OTHER_UNIT, 302, 403),),
        past=((UNIT | OTHER_UNIT, 403, 403),),
        verbs=[("again", BUREAU, 302), ("send", BUREAU, 302)],
    ),
    *addresses_reports.models(model),
    *addresses_common.models(model),
    *addresses_results.models(model),
    *model("auth/group", "group", view=NONE),
]
SECRET += addresses_evaluations.SECRET
PAGES += addresses_evaluations.PAGES
MODELS += addresses_evaluations.MODELS
PUBLIC += addresses_typical.PUBLIC
PAGES += addresses_typical.ROWS
MODELS += addresses_typical.models(model)
ROWS = [*PUBLIC, *SECRET, *CONSOLE, *PAGES, *SCRIPTS, *MODELS]
