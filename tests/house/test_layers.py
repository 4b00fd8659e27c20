"""Who may import whom, and what only one file may do. The page that says why is docs/layers.md."""

import ast
from collections import defaultdict
from collections.abc import Callable, Iterator
from graphlib import CycleError, TopologicalSorter

import pytest
from django.apps import apps
from django.conf import settings

from tests.house.source import APPS, ROOT, Import, Source, functions, imports_of, project_files

# The kinds of files inside an app, from the top down. Those of one line may use each other, never in a circle.
LINES = (
    {"views", "admin", "tasks", "urls", "management", "apps"},
    {"forms"},
    {"services", "notices"},
    {"guards", "permissions", "selectors"},
    {"models"},
    {"enums", "moves"},
)
LINE_OF = {kind: line for line, kinds in enumerate(LINES) for kind in kinds}
# From outside an app is entered only through these.
DOORS = {"enums", "moves", "models", "guards", "permissions", "selectors", "services"}

# Every other module, by the kind of file that it stands beside. A new one is entered here or goes red.
STANDS_BESIDE = {
    "departments.backends": "views",  # Django's own questions, translated
    "notifications.channels": "notices",  # how a message leaves
    "notifications.checks": "views",  # Django's own question before it starts, answered from the settings
    "notifications.console": "views",  # how a row looks
    "notifications.templatetags": "views",
    "notifications.kinds": "enums",  # a table that apps above fill
    "sessions_app.excel": "forms",  # the shape of a workbook
    "sessions_app.excel_reading": "forms",
    "sessions_app.excel_rows": "forms",
    "appointments.console_views": "views",
    "appointments.console_placing": "views",
    "appointments.console_checkin": "views",
    "appointments.console_day": "views",
    "appointments.console_queue": "views",
    "appointments.console_triage": "views",
    "appointments.console_forms": "forms",
    "appointments.excel": "forms",
    "appointments.identity": "enums",  # pure functions on bytes and text
    "appointments.likeness": "enums",
    "appointments.proposals": "selectors",  # what might be done, named
    "cases.console_inbox": "views",
    "cases.console_pages": "views",
    "cases.console_supervision": "views",
    "cases.console_urge": "views",
    "cases.templatetags": "views",
    "reports.common_finding": "selectors",  # which cases ask alike
    "reports.console_documents": "views",
    "reports.console_starts": "views",
    "reports.console_reports": "views",
    "reports.console_typical": "views",
    "reports.public_page": "selectors",  # published results as people read them
    "reports.public_results": "selectors",  # what may be told of a quarter
    "reports.content": "selectors",  # a report as people read it
    "reports.drafting": "selectors",
    "reports.excel": "forms",
    "reports.after_consultation": "selectors",
    "reports.console_quarter": "views",
    "reports.excel_quarter": "forms",
    "reports.likeness": "enums",  # pure functions on texts
    "reports.identifying": "enums",  # pure functions on text
    "reports.identifying_words": "enums",
    "reports.figures": "selectors",  # named reads, each of them a number
    "reports.sentences": "selectors",  # the figures in words
    "reports.rating_sums": "selectors",  # what may be told of ratings
    "reports.report_excel": "services",  # made by a job too
    "reports.report_word": "forms",  # the shape of what leaves
    "reports.service_items": "selectors",  # what stands in a column
    "appointments.notice_kinds": "notices",  # the variables of what is told
    "deadlines.console": "views",  # how a light looks
    "deadlines.templatetags": "views",
    "cases.console_buttons": "views",
    "cases.console_parts": "views",
    "cases.console_forms": "forms",
    "cases.console_case": "views",
    "cases.console_list": "views",
    "cases.console_together": "views",
    "consultations.console_keep": "views",
    "consultations.console_papers": "views",
    "consultations.console_record": "views",
    "consultations.console_sign": "views",
    "consultations.console_table": "views",
    "consultations.fields": "selectors",  # the record by the names of its fields
    "consultations.paper": "forms",  # the shape of what leaves
    "consultations.word_form": "forms",
    "consultations.pictures": "guards",  # whether a signature is one
    "evaluations.console_sums": "views",
    "evaluations.console_buttons": "views",
    "evaluations.console_calls": "views",
    "evaluations.console_forms": "forms",
    "inquiries.admin_frequent": "admin",
    "inquiries.console_buttons": "views",
    "inquiries.console_forms": "forms",
    "inquiries.console_views": "views",
    "portal.calendars": "forms",  # the shape of what leaves
    "portal.feeds": "views",
    "portal.demo_cases": "services",
    "portal.demo_bulletins": "services",
    "portal.demo_results": "services",
    "portal.demo_clock": "services",
    "portal.demo_day": "services",
    "portal.demo_demands": "enums",  # words
    "portal.demo_wordings": "enums",  # more words
    "portal.demo_handling": "services",
    "portal.demo_opinions": "services",
    "portal.demo_follow_ups": "services",
    "portal.demo_typical": "services",
    "portal.demo_year": "services",
    "portal.demo": "services",  # sample rows, made through verbs
    "portal.demo_window": "services",  # the same
}

# The kernel has its own order, from the top down.
KERNEL = (
    {"admin", "admin_calendar", "admin_settings", "management", "apps", "tasks"},
    {"templatetags.console", "templatetags.words"},
    {"console", "console_page", "console_search", "middleware", "signals"},
    {"console_account", "console_catalog", "console_filters", "console_nav", "console_status"},
    {"calendar_files"},
    {"services", "services_accounts", "services_calendar", "console_history", "heartbeat"},
    {"transitions", "trail", "workdays"},
    {"audit", "selectors", "permissions", "passwords", "calendar_table", "search"},
    {"models"},
    {"public", "append_only", "history"},
    {"limits", "converters", "checks", "uploads", "moments", "workbooks", "downloads", "official", "streaming_sheets"},
    {
        *("errors", "policy", "secrets", "masks", "constraints", "forms", "context_processors"),
        *("filetypes", "ical", "qr", "qr_reading", "references", "sheets", "logs"),
        *("templatetags", "templatetags.cn", "word"),
    },
)
KERNEL_LINE_OF = {module: line for line, modules in enumerate(KERNEL) for module in modules}

# Imports past a door, each with its reason.
PAST_THE_DOOR: dict[tuple[str, str], str] = {
    ("cases/admin.py", "deadlines.console"): "a light looks alike everywhere",
    ("evaluations/admin_followups.py", "deadlines.console"): "a light looks alike everywhere",
    ("evaluations/views_reporting.py", "appointments.views.common"): "one secret address, found in one way",
    ("portal/demo_results.py", "reports.figures"): "the same",
    ("portal/demo_bulletins.py", "reports.figures"): "which quarter a day belongs to is said in one place",
    ("portal/demo_typical.py", "reports.figures"): "the same",
    ("inquiries/forms.py", "appointments.forms"): "a mobile is typed and checked in one way everywhere",
    ("inquiries/console_views.py", "appointments.forms"): "a booking is asked for by one form, whatever leads to it",
    ("inquiries/console_views.py", "appointments.console_forms"): "the same, with its choice of a sitting",
    ("consultations/console_table.py", "appointments.console_queue"): "one queue, pressed in one way",
    ("evaluations/views.py", "appointments.forms"): "pressure is reported by one form everywhere",
    ("portal/views_enterprise.py", "appointments.views.common"): "one secret address, found in one way",
    ("portal/views_rounds.py", "appointments.views.common"): "the same",
    ("portal/views_enterprise.py", "appointments.views.ticket"): "the slip is what it shows until there is a case",
}
# Imports inside functions, each with its reason.
INSIDE_FUNCTIONS: dict[str, str] = {}
# Modules found by name while running: no import statement shows them.
BY_NAME = {
    "core/apps.py": "checks and signals register themselves once the models are ready",
    "notifications/channels/__init__.py": "providers' packages are optional extras, loaded where the settings say so",
    "core/trail.py": "every app's `moves` name their actions for the one trail",
    "departments/permissions.py": "every app's `permissions.GRANTS` are joined into one table of roles",
}
# Signals: never for business.
LISTENERS = {"core/signals.py": "sign-ins are told by Django's signals and by nothing else"}
SIGNALS = ("django.dispatch", "django.db.models.signals", "django.core.signals")
# A status is assigned here and nowhere else.
STATUS_FILE = "core/transitions.py"
NOW_OR_TODAY = {("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("date", "today")}


def kind_of(app: str, module: str) -> str | None:
    """The kind of file a module is: by its own name, its package's, or its entry in the table."""
    first = module.partition(".")[0]
    if beside := STANDS_BESIDE.get(f"{app}.{first}"):
        return beside
    for name in (first, first.partition("_")[0]):
        if name in LINE_OF:
            return name
    return None


def line_of(app: str, module: str) -> int | None:
    if app != "core":
        kind = kind_of(app, module)
        return None if kind is None else LINE_OF[kind]
    first = module if module.startswith("templatetags.") else module.partition(".")[0]
    return KERNEL_LINE_OF.get(first)


def all_imports() -> Iterator[Import]:
    for source in project_files():
        yield from imports_of(source)


def inner_modules() -> list[Source]:
    """Every module of an app but the app's own package and its wiring."""
    return [source for source in project_files() if source.app != "anning_clinic" and source.module]


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Calls of a function or method of one of these names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in names:
                yield node


def test_every_app_of_the_settings_stands_in_the_order() -> None:
    assert set(settings.PROJECT_APPS) <= set(APPS)
    folders = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert folders <= set(APPS)


def test_an_app_imports_only_from_those_below() -> None:
    upward = [i for i in all_imports() if i.app != i.source.app and APPS.index(i.app) < APPS.index(i.source.app)]
    assert not upward, "\n".join(map(str, upward))


def test_every_module_has_its_place() -> None:
    lost = [source.name for source in inner_modules() if line_of(source.app, source.module) is None]
    assert not lost, f"Enter these in STANDS_BESIDE or KERNEL: {lost}"


def test_no_place_is_kept_for_a_module_that_is_gone() -> None:
    there = {f"{source.app}.{source.module}" for source in inner_modules()}
    there |= {".".join(name.split(".")[:2]) for name in there}
    listed = {*STANDS_BESIDE, *(f"core.{module}" for module in KERNEL_LINE_OF)}
    assert sorted(listed - there) == []


def test_inside_an_app_a_file_imports_only_from_those_below() -> None:
    upward = []
    for found in all_imports():
        app, module = found.source.app, found.source.module
        if found.app != app or app == "anning_clinic" or not module or not found.module:
            continue
        own, other = line_of(app, module), line_of(app, found.module)
        if own is not None and other is not None and other < own:
            upward.append(found)
    assert not upward, "\n".join(map(str, upward))


def test_no_circle_of_imports() -> None:
    graph: dict[str, set[str]] = defaultdict(set)
    for found in all_imports():
        here, there = f"{found.source.app}.{found.source.module}", f"{found.app}.{found.module}"
        if here != there:
            graph[here].add(there)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


def test_an_app_is_entered_through_its_doors() -> None:
    past = []
    for found in all_imports():
        if found.app in (found.source.app, "core") or found.source.app == "anning_clinic":
            continue
        # `services_plan` is as good as `services`; what lies inside a package is its own affair.
        is_door = "." not in found.module and {found.module, found.module.partition("_")[0]} & DOORS
        if not is_door and (found.source.name, f"{found.app}.{found.module}") not in PAST_THE_DOOR:
            past.append(found)
    assert not past, "\n".join(map(str, past))


def test_reasoned_exceptions_of_the_doors_are_still_needed() -> None:
    there = {(found.source.name, f"{found.app}.{found.module}") for found in all_imports()}
    assert set(PAST_THE_DOOR) <= there


def hidden_imports(source: Source) -> list[str]:
    return [
        source.at(node)
        for function in functions(source.tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def by_name(source: Source) -> list[str]:
    return [source.at(call) for call in calls(source.tree, "import_module", "import_string", "__import__")]


def listeners(source: Source) -> list[str]:
    imported = [f"{source.name} imports {name}" for name in _imported_names(source) if name.startswith(SIGNALS)]
    return imported + [source.at(call) for call in calls(source.tree, "receiver")]


@pytest.mark.parametrize(
    ("find", "reasons"),
    [(hidden_imports, INSIDE_FUNCTIONS), (by_name, BY_NAME), (listeners, LISTENERS)],
    ids=["no import hides in a function", "no module is found by name", "no signal carries business"],
)
def test_only_with_a_reason(find: Callable[[Source], list[str]], reasons: dict[str, str]) -> None:
    found = {source.name: places for source in project_files() if (places := find(source))}
    assert {name: places for name, places in found.items() if name not in reasons} == {}
    assert sorted(set(reasons) - set(found)) == [], "These need no exception any more."


def test_only_one_file_assigns_a_status() -> None:
    found = [
        source.at(node)
        for source in project_files()
        if source.name != STATUS_FILE
        for node in ast.walk(source.tree)
        if assigns_status(node)
    ]
    assert not found, found


def assigns_status(node: ast.AST) -> bool:
    """`row.status = …` (also in a tuple), `setattr`, `.update(status=…)`, `bulk_update` of that column."""
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        return node.attr == "status"
    if not isinstance(node, ast.Call):
        return False
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if called in ("update", "aupdate"):
        return any(keyword.arg == "status" for keyword in node.keywords)
    if called in ("setattr", "bulk_update", "abulk_update"):
        return any(isinstance(part, ast.Constant) and part.value == "status" for part in ast.walk(node))
    return False


def _imported_names(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_no_update_past_the_history_of_a_tracked_model() -> None:
    tracked = {m.__name__ for m in apps.get_models() if hasattr(m._meta, "simple_history_manager_attribute")}
    untracked = {model.__name__ for model in apps.get_models()} - tracked
    found = []
    for source in project_files():
        if source.name == STATUS_FILE:  # it refuses a tracked model itself; see test_move_all_… of the kernel
            continue
        for call in calls(source.tree, "update", "aupdate", "bulk_update", "abulk_update"):
            # A dictionary is updated with what another one holds, a queryset with columns.
            if (call.keywords or "bulk" in ast.unparse(call.func)) and model_asked(call) not in untracked:
                found.append(f"{source.at(call)} {ast.unparse(call.func)}")
    assert tracked
    assert not found, "\n".join(found)


def model_asked(call: ast.Call) -> str:
    """`Slot` for `Slot.objects.filter(…).update(…)`; "" where the line does not say."""
    node: ast.AST = call.func
    while isinstance(node, ast.Attribute | ast.Call):
        inner = node.func if isinstance(node, ast.Call) else node.value
        if isinstance(node, ast.Attribute) and node.attr == "objects" and isinstance(inner, ast.Name):
            return inner.id
        node = inner
    return ""


def test_time_is_asked_of_django_only() -> None:
    """The machine's zone is no authority: `timezone.now()` and `timezone.localdate()` are."""
    found = []
    for source in project_files():
        for call in calls(source.tree, *{name for _owner, name in NOW_OR_TODAY}):
            owner = call.func.value if isinstance(call.func, ast.Attribute) else None
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if isinstance(call.func, ast.Attribute) and (name, call.func.attr) in NOW_OR_TODAY:
                found.append(source.at(call))
    assert not found, found
