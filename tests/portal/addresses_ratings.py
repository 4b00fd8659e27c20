"""The addresses of ratings: the enterprise's own page, the inspection office's list, the sums. [3.8] [5.2]"""

from tests.portal.visitors import BUREAU, INSPECTION, LEADER, OTHER_UNIT, UNIT, console, model, public

SECRET = [
    public("r/<secret:secret>/", 200, 302, secret="invited.secret"),
    public("r/<secret:secret>/", 200, 302, secret="rated_invitation.secret"),
    # One secret opens nothing of another.
    public("r/<secret:secret>/", 404, 404, secret="came.ticket_secret"),
    public("b/<secret:secret>/", 404, 404, secret="invited.secret"),
    public("r/<secret:secret>/pressure/", 200, 200, secret="invited.secret"),
    public("b/<secret:secret>/rating/", 302, 302, secret="came.ticket_secret"),
    public("b/<secret:secret>/rating/", 404, 404, secret="booked.ticket_secret"),
]
PAGES = [console("evaluations/sums/", (BUREAU | UNIT | OTHER_UNIT | INSPECTION | LEADER, 200, 200))]
MODELS = [
    # Who rated how: for the inspection office alone. [5.2]
    *model("evaluations/rating", "rating", view=INSPECTION),
]
