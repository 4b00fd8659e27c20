"""The quarter's page, its Excel, and the list behind a figure. [3.10]"""

from tests.portal.visitors import BUREAU, HEAD, INSPECTION, LEADER, console

SEES = BUREAU | HEAD | INSPECTION | LEADER
# Without a figure there is no list.
PAGES = [
    console("reports/quarter/", (SEES, 200, 200)),
    console("reports/quarter/excel/", (SEES, 200, 200)),
    console("reports/quarter/list/", (SEES, 404, 404)),
]
