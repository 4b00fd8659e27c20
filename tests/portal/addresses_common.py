"""The pages of what was found in common, and what they answer to whom. [5.3]"""

from tests.portal.visitors import BUREAU, INSPECTION, console, model

PAGES = [console("reports/commonproposal/find/", (BUREAU, 405, 302))]
MODELS = model(
    "reports/commonproposal",
    "proposal",
    view=BUREAU | INSPECTION,
    verbs=[("name", BUREAU, 422), ("join", BUREAU, 422), ("dismiss", BUREAU, 422), ("take-up", BUREAU, 422)],
)
