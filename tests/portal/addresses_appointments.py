"""Sittings, bookings, the queue and the board: the addresses of [3.2] to [3.5], and what they answer to whom."""

from tests.portal.visitors import (
    BUREAU,
    BUSINESS,
    DESK,
    INSPECTION,
    NOBODY,
    OF_ONE_UNIT,
    OTHER_UNIT,
    STAFF,
    UNIT,
    Row,
    console,
    model,
    public,
)

PUBLIC = [
    public("", 200, 200),
    public("find/", 200, 200),
    public("announcements.atom", 200, 200),
    public("announcements.ics", 200, 200),
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
    public("b/<secret:secret>/", 200, 200, secret="held.ticket_secret"),
    public("b/<secret:secret>/", 200, 200, secret="booked.ticket_secret"),
    public("b/<secret:secret>/", 404, 404, secret="booked.checkin_secret"),
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
]
PAGES = [
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
    console("appointments/booking/desk/", (DESK, 200, 200)),
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
MODELS = [
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
        **OF_ONE_UNIT,
    ),
    *model(
        "appointments/verification",
        "verification",
        view=BUREAU | UNIT | OTHER_UNIT | INSPECTION,
        verbs=[("record", BUREAU | UNIT, 422)],
        **OF_ONE_UNIT,
    ),
    *model(
        "appointments/queueentry",
        "queue_entry",
        view=DESK | UNIT | OTHER_UNIT | INSPECTION,
        **OF_ONE_UNIT,
    ),
    *model("appointments/boarddevice", "board", view=BUREAU, verbs=[("revoke", BUREAU, 302)]),
    *model("appointments/refusalground", "ground", view=BUREAU, change=BUREAU),
    *model("appointments/choice", "choice", view=BUREAU, add=BUREAU, change=BUREAU),
    *model("appointments/consenttext", "consent", view=BUREAU, add=BUREAU),
    # For the inspection office alone. [5.2]
    *model("appointments/pressurereport", "report", view=INSPECTION),
]
