"""The addresses of bulletins, reports and files made in the background, and what they answer to whom. [3.10]"""

from tests.portal.visitors import BUREAU, INSPECTION, LEADER, OTHER_UNIT, SUPERVISOR, UNIT, Row, console, model

READERS = BUREAU | INSPECTION | LEADER | UNIT | OTHER_UNIT
# Who reads what is issued, and not what is written.
OTHERS = READERS - BUREAU
OWNER = frozenset({"bureau_staff"})


def report(route: str, *answers: tuple[frozenset[str], int, int], **arguments: str) -> Row:
    return console(f"reports/report/<key:pk>/{route}", *answers, **arguments)


PAGES = [
    console("reports/report/make/", (BUREAU, 200, 422)),
    report("edit/", (BUREAU, 200, 422), (OTHERS, 404, 404), pk="report_draft"),
    report("edit/", (BUREAU, 404, 404), (OTHERS, 403, 403), pk="report_issued"),
    report("edit/<slug:key>/", (BUREAU, 200, 422), (OTHERS, 404, 404), pk="report_draft", key="overall"),
    report("edit/<slug:key>/", (BUREAU, 404, 404), (OTHERS, 404, 404), pk="report_draft", key="nowhere"),
    *(
        row
        for route in ("print/", "word/", "excel/")
        for row in (
            report(route, (BUREAU, 200, 200), (OTHERS, 404, 404), pk="report_draft"),
            report(route, (READERS, 200, 200), pk="report_issued"),
        )
    ),
    report("ask/", (BUREAU, 302, 302), (OTHERS, 404, 404), pk="report_draft"),
    report("ask/", (READERS, 302, 302), pk="report_issued"),
    report("chart/<int:place>/", (READERS, 200, 200), pk="report_issued", place="0"),
    report("chart/<int:place>/", (READERS, 404, 404), pk="report_issued", place="9"),
    # Its owner's alone.
    console(
        "reports/exportjob/<key:pk>/fetch/",
        (OWNER, 200, 200),
        (READERS, 404, 404),
        pk="export",
    ),
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
]
MODELS = [
    *model(
        "reports/report",
        "report_draft",
        view=READERS,
        page=((OTHERS, 302, 403),),
        past=((OTHERS, 403, 403),),
        verbs=[
            ("approve", SUPERVISOR, 422),
            ("issue", SUPERVISOR, 422),
            ("figures", BUREAU, 302),
            ("send-back", SUPERVISOR, 422),
            ("correct", BUREAU, 422),
            ("drop", SUPERVISOR, 422),
        ],
    ),
    *model(
        "reports/exportjob",
        "export",
        view=READERS,
        page=((OWNER, 200, 403), (READERS, 302, 403)),
        past=((OWNER, 200, 200), (READERS, 403, 403)),
    ),
    *model(
        "reports/serviceitemslist",
        "items",
        view=BUREAU | UNIT | OTHER_UNIT | INSPECTION,
        page=((UNIT | OTHER_UNIT, 302, 403),),
        past=((UNIT | OTHER_UNIT, 403, 403),),
        verbs=[("again", BUREAU, 302), ("send", BUREAU, 302)],
    ),
]
