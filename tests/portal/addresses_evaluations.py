"""The addresses of follow-ups and referrals; see addresses.py. [3.9]"""

from tests.portal.visitors import APPROVER, BUREAU, INSPECTION, SUPERVISOR, console, model, public

INSPECTOR = frozenset({"inspector"})
SECRET = [
    public("b/<secret:secret>/case/report/", 200, 422, secret="came.ticket_secret"),
    public("b/<secret:secret>/case/report/", 404, 404, secret="booked.ticket_secret"),
]
PAGES = [
    # The one that waits is the inspector's own.
    console("evaluations/calls/", (INSPECTOR, 302, 302), (BUREAU | APPROVER, 200, 200)),
    console("evaluations/calls/<key:pk>/", (INSPECTOR, 200, 200), pk="follow_up"),
    console("evaluations/referral/<key:pk>/print/", (INSPECTION, 200, 200), pk="referral"),
]
MODELS = [
    *model(
        "evaluations/followup",
        "follow_up",
        view=BUREAU | INSPECTION,
        verbs=[("assign", SUPERVISOR | INSPECTION, 422), ("refer", INSPECTOR, 422)],
    ),
    *model(
        "evaluations/referral",
        "referral",
        view=INSPECTION,
        verbs=[("approve", APPROVER, 302), ("reject", APPROVER, 422)],
    ),
]
