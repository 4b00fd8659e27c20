"""The addresses of typical cases, in the console and for everybody. [5.4]"""

from tests.portal.visitors import BUREAU, INSPECTION, SUPERVISOR, console, model, public

READERS = BUREAU | INSPECTION
PAGES = [
    console("reports/typicalcase/<key:pk>/write/", (BUREAU, 200, 422), pk="typical_draft"),
    console("reports/typicalcase/<key:pk>/write/", (BUREAU, 404, 404), pk="typical_published"),
    console("reports/typicalcase/<key:pk>/preview/", (READERS, 200, 200), pk="typical_draft"),
]
PUBLIC = [
    public("typical/", 200, 200),
    public("typical.atom", 200, 200),
    public("typical/<key:pk>/", 200, 200, pk="typical_published"),
    public("typical/<key:pk>/", 404, 404, pk="typical_draft"),
    public("typical/<key:pk>/", 410, 410, pk="typical_withdrawn"),
]
MODELS = model(
    "reports/typicalcase",
    "typical_draft",
    view=READERS,
    page=((READERS, 200, 403),),
    verbs=[
        ("check", INSPECTION, 422),
        ("approve", SUPERVISOR, 422),
        ("publish", SUPERVISOR, 302),
        ("send-back", READERS, 422),
        ("withdraw", READERS, 422),
    ],
)
