"""Window inquiries, and what their addresses answer to whom. [3.4]"""

from tests.portal.visitors import BUREAU, DESK, INSPECTION, OF_ONE_UNIT, OTHER_UNIT, UNIT, console, model, public

PUBLIC = [
    public("questions/", 200, 200),
    public("questions/ask/", 200, 422),
]
SECRET = [
    public("q/<secret:secret>/", 200, 200, secret="asked.secret"),
    public("q/<secret:secret>/", 404, 404, secret="booked.ticket_secret"),
    public("q/<secret:secret>/more/", 302, 422, secret="asked.secret"),
    public("q/<secret:secret>/withdraw/", 200, 302, secret="asked.secret"),
    public("q/<secret:secret>/withdraw/", 302, 302, secret="answered.secret"),
    public("q/<secret:secret>/helped/", 302, 302, secret="answered.secret"),
]
PAGES = [
    console("inquiries/inquiry/desk/", (DESK, 200, 422)),
    console("inquiries/inquiry/<key:pk>/book/", (DESK, 200, 422), pk="asked"),
]
MODELS = [
    *model(
        "inquiries/inquiry",
        "asked",
        view=DESK | UNIT | OTHER_UNIT | INSPECTION,
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
        **OF_ONE_UNIT,
    ),
    *model("inquiries/frequentanswer", "frequent", view=DESK | INSPECTION, add=BUREAU, change=BUREAU),
]
