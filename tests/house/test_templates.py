"""Templates: each is used, each that is named exists, none carries what the content policy forbids, all words are
marked for translation; and the same of the Chinese words in the code."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import crispy_forms
import pytest
from django.apps import apps
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template

from tests.house.source import CHINESE, ROOT, Source, docstrings, project_files, template_name, templates

# Django looks for these itself when there is no page to show.
DJANGOS_OWN = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
FORM_PACK = "anning"
NAME = re.compile(r"[\w./-]+\.html")
NAMED_IN_TEMPLATE = re.compile(r"{%\s*(?:extends|include)\s+[\"']([^\"']+)[\"']")
# Messages: one template for each kind that a notices file tells.
MESSAGE_FOLDER = "notices"
# A constant that names kinds told by one function.
NAMED_KINDS = {"CALL_NOTICES", "RULED", "TO_DECIDE"}
TELLERS = {
    *("tell", "render", "tell_department", "tell_staff", "tell_unit", "tell_common"),
    *("tell_enterprise", "tell_of_referral"),
}

FORBIDDEN = {
    "an inline style": re.compile(r"<style\b|[\s\"']style\s*=", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "a script in an attribute": re.compile(r"[\s\"']on[a-z]+\s*=|hx-on\b|javascript:", re.IGNORECASE),
}
COMMENTS = re.compile(r"{#.*?#}|{%\s*comment\b.*?endcomment\s*%}", re.DOTALL)
TRANSLATED = re.compile(
    r"{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%}"
    r"|{%\s*trans(?:late)?\s+(?:\"[^\"]*\"|'[^']*').*?%}"
    r"|_\((?:\"[^\"]*\"|'[^']*')\)",
    re.DOTALL,
)
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
# Parts of a date as Chinese offices write it: no words of ours.
DATE_PARTS = re.compile(r"[年月日（周）\s:-]+")
# Files whose Chinese is no sentence to a reader, each with its reason.
NO_SENTENCES = {
    "core/calendar_files.py": "words of the official workbook, recognised as they are typed",
    "core/sheets.py": "names of the fonts that official documents use",
    "core/word.py": "the same",
    "core/official.py": "how an official document numbers its levels and names its parts, in whichever language",
    "core/templatetags/cn.py": "the form of a Chinese date itself",
    "reports/identifying_words.py": "words that are recognised in names, in whichever language the pages are",
    "sessions_app/excel.py": "headings and samples of the official workbook, the same in every language",
    "sessions_app/excel_rows.py": "patterns of what people type into that workbook",
    "portal/demo.py": "sample data",
    "portal/demo_cases.py": "sample data",
    "portal/demo_day.py": "sample data",
    "portal/demo_bulletins.py": "sample data",
    "portal/demo_demands.py": "sample data",
    "portal/demo_handling.py": "sample data",
    "portal/demo_follow_ups.py": "sample data",
    "portal/demo_typical.py": "sample data",
    "portal/demo_year.py": "sample data",
    "portal/demo_wordings.py": "sample data",
    "portal/demo_window.py": "sample data",
    "portal/management/commands/demo.py": "sample data",
}
# Templates that need no catalogue, each with its reason.
PLAIN_WORDS = {"500.html": "shown when nothing works any more, so it depends on nothing"}


def words_of(path: Path) -> str:
    return COMMENTS.sub("", path.read_text(encoding="utf-8"))


def named_in_code() -> Iterator[tuple[str, str]]:
    """Where, and a pattern for the template's name: a formatted name stands for all that fit."""
    for source in project_files():
        inside = {
            id(part) for node in ast.walk(source.tree) if isinstance(node, ast.JoinedStr) for part in node.values
        }
        for node in ast.walk(source.tree):
            if isinstance(node, ast.JoinedStr):
                pattern = "".join(
                    re.escape(p.value) if isinstance(p, ast.Constant) else r"[\w-]+" for p in node.values
                )
                if re.search(r"\\\.(?:html|txt)$", pattern):
                    yield source.at(node), pattern
            elif isinstance(node, ast.Constant) and id(node) not in inside and NAME.fullmatch(str(node.value)):
                yield source.at(node), re.escape(str(node.value))


def named_in_templates() -> Iterator[tuple[str, str]]:
    for path in templates():
        for name in NAMED_IN_TEMPLATE.findall(words_of(path)):
            yield template_name(path), re.escape(name)


def _target(named: ast.Assign | ast.AnnAssign) -> ast.expr:
    return named.targets[0] if isinstance(named, ast.Assign) else named.target


@cache
def told_kinds() -> frozenset[str]:
    """The kinds of messages, as the notices files name them."""
    kinds = set()
    for source in project_files():
        for named in source.tree.body:
            if isinstance(named, ast.Assign | ast.AnnAssign) and getattr(_target(named), "id", "") in NAMED_KINDS:
                kinds |= {part.value for part in ast.walk(named) if isinstance(part, ast.Constant)}
        if not source.module.startswith("notices"):
            continue
        for call in ast.walk(source.tree):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in TELLERS:
                parts = [part for argument in call.args for part in ast.walk(argument)]
                kinds |= {part.value for part in parts if isinstance(part, ast.Constant)}
    return frozenset(str(kind) for kind in kinds)


@cache
def form_pack_names() -> frozenset[str]:
    """What the form library asks a template pack for."""
    folder = Path(crispy_forms.__file__).parent
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py")))
    return frozenset(f"{FORM_PACK}/{name}" for name in re.findall(r"[\"']%s/([\w/]+\.html)", text))


def overrides_a_package(name: str) -> bool:
    """Stands in place of a template that an installed package brings."""
    folders = [Path(config.path) for config in apps.get_app_configs()]
    return any((folder / "templates" / name).is_file() for folder in folders if "site-packages" in folder.parts)


def is_used(name: str, patterns: set[str]) -> bool:
    if name in DJANGOS_OWN or name in form_pack_names() or overrides_a_package(name):
        return True
    if name.startswith(f"{MESSAGE_FOLDER}/"):
        return Path(name).stem in told_kinds()
    return any(re.fullmatch(pattern, name) for pattern in patterns)


def test_every_template_is_used() -> None:
    patterns = {pattern for _place, pattern in (*named_in_code(), *named_in_templates())}
    unused = [template_name(path) for path in templates() if not is_used(template_name(path), patterns)]
    assert not unused


def test_every_named_template_exists() -> None:
    ours = {template_name(path) for path in templates()}
    missing = []
    for place, pattern in (*named_in_code(), *named_in_templates()):
        name = re.sub(r"\\(.)", r"\1", pattern)
        if not any(re.fullmatch(pattern, own) for own in ours) and not overrides_a_package(name):
            missing.append(f"{place} names {name}")
    assert not missing, "\n".join(missing)


def test_every_kind_of_message_has_its_template() -> None:
    there = {path.stem for path in (ROOT / "templates" / MESSAGE_FOLDER).iterdir()}
    assert told_kinds()
    assert told_kinds() - there == set()


@pytest.mark.parametrize("path", templates(), ids=template_name)
def test_template_can_be_read(path: Path) -> None:
    try:
        get_template(template_name(path))
    except (TemplateSyntaxError, TemplateDoesNotExist) as error:
        pytest.fail(str(error))


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_carries_what_the_content_policy_forbids(what: str) -> None:
    found = [
        f"{template_name(path)}: {match.group().strip()}"
        for path in templates()
        if path.suffix in {".html", ".svg"}
        for match in FORBIDDEN[what].finditer(words_of(path))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_markup_in_code_carries_what_the_content_policy_forbids(what: str) -> None:
    found = [
        f"{source.at(node)}: {node.value}"
        for source in project_files()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "<" in node.value
        if FORBIDDEN[what].search(node.value)
    ]
    assert not found, "\n".join(found)


def test_every_chinese_word_of_a_template_is_marked_for_translation() -> None:
    found = []
    for path in templates():
        if template_name(path) in PLAIN_WORDS:
            continue
        for number, line in enumerate(_unmarked(path).splitlines(), start=1):
            if CHINESE.search(line):
                found.append(f"{template_name(path)}:{number}: {line.strip()[:80]}")
    assert not found, "\n".join(found)


def _unmarked(path: Path) -> str:
    """The template without what is marked, its lines where they were."""
    text = path.read_text(encoding="utf-8")
    for pattern in (COMMENTS, TRANSLATED):
        text = pattern.sub(lambda match: "\n" * match.group().count("\n"), text)
    return text


def test_every_chinese_word_of_the_code_is_marked_for_translation() -> None:
    found = [
        f"{source.at(node)}: {node.value[:60]}"
        for source in project_files()
        if source.name not in NO_SENTENCES
        for node in unmarked_strings(source)
    ]
    assert not found, "\n".join(found)


def unmarked_strings(source: Source) -> Iterator[ast.Constant]:
    """Strings with Chinese in them outside gettext; docstrings, patterns and parts of dates are no sentences."""
    passed = docstrings(source.tree)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            owner = getattr(getattr(node.func, "value", None), "id", "")
            if called in GETTEXT or owner == "re":
                passed |= {id(part) for part in ast.walk(node)}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed:
            words = DATE_PARTS.sub("", node.value) if DATE_PARTS.fullmatch(node.value) else node.value
            if CHINESE.search(words):
                yield node


def test_files_without_sentences_are_still_there() -> None:
    there = {source.name: source for source in project_files()}
    assert not [name for name in NO_SENTENCES if name not in there or not any(unmarked_strings(there[name]))]


def test_marked_words_are_plain_strings() -> None:
    """A formatted string inside gettext is never found by the catalogue's tools."""
    found = [
        source.at(node)
        for source in project_files()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in GETTEXT
        if node.args and isinstance(node.args[0], ast.JoinedStr)
    ]
    assert not found
