"""The addresses of a quarter's published results, and what they answer to whom. [5.4]"""

from tests.portal.visitors import BUREAU, INSPECTION, LEADER, SUPERVISOR, console, model, public

READERS = BUREAU | INSPECTION | LEADER
ADDRESS = "results/<int:year>Q<int:quarter>/"
PUBLIC = [
    public("results/", 200, 200),
    public(ADDRESS, 200, 200, year="2026", quarter="1"),
    # Not yet published; withdrawn; none at all.
    public(ADDRESS, 404, 404, year="2026", quarter="2"),
    public(ADDRESS, 410, 410, year="2025", quarter="4"),
    public(ADDRESS, 404, 404, year="2026", quarter="9"),
]
PAGES = [
    console("reports/publishedresults/make/", (BUREAU, 200, 422)),
    console("reports/publishedresults/<key:pk>/preview/", (READERS, 200, 200), pk="results_draft"),
]
MODELS = model(
    "reports/publishedresults",
    "results_draft",
    view=READERS,
    verbs=[
        ("approve", SUPERVISOR, 422),
        ("send-back", SUPERVISOR, 422),
        ("withdraw", SUPERVISOR, 422),
        ("again", BUREAU, 302),
        # A press on what is not approved yet is refused beside its form.
        ("publish", SUPERVISOR, 422),
    ],
)
