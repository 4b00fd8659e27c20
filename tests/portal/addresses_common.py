"""The pages of what was found in common, and what they answer to whom. [5.3]"""

from collections.abc import Callable

from tests.portal.visitors import BUREAU, INSPECTION, Row, console

PAGES = [console("reports/commonproposal/find/", (BUREAU, 405, 302))]


def models(model: Callable[..., list[Row]]) -> list[Row]:
    return model(
        "reports/commonproposal",
        "proposal",
        view=BUREAU | INSPECTION,
        verbs=[("name", BUREAU, 422), ("join", BUREAU, 422), ("dismiss", BUREAU, 422), ("take-up", BUREAU, 422)],
    )
