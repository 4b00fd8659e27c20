"""The door, accounts, settings and what every office has, and what their addresses answer to whom."""

from tests.portal.visitors import (
    ADMINISTRATOR,
    AUDITOR,
    BUREAU,
    DESK,
    INSPECTION,
    NOBODY,
    NONE,
    OF_ONE_UNIT,
    OTHER_UNIT,
    SECURITY,
    STAFF,
    SUPERVISOR,
    UNIT,
    Row,
    console,
    model,
    public,
)

PUBLIC = [
    public("healthz", 200, 200),
    public("feedback/", 200, 200),
    public("view/", 302, 302),
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
PAGES = [
    console("core/calendaryear/import/", (BUREAU, 200, 422)),
    console("core/calendaryear/import/confirm/", (BUREAU, 302, 302)),
    console("core/calendaryear/import/template/", (BUREAU, 200, 200)),
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
        verbs=[("move-earlier", SUPERVISOR, 422), ("keep-day", SUPERVISOR, 422)],
        **OF_ONE_UNIT,
    ),
    *model(
        "deadlines/escalation",
        "escalation",
        view=DESK | UNIT | OTHER_UNIT | INSPECTION,
        verbs=[("acknowledge", BUREAU | UNIT | INSPECTION, 422)],
        **OF_ONE_UNIT,
    ),
    *model("portal/feedback", "opinion", view=BUREAU, page=((BUREAU, 200, 302),)),
    *model("auth/group", "group", view=NONE),
]
