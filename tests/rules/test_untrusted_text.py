"""Text from outside reaches the screen by one way only: cleaned, and never as markup."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for package in ("console", "widgets") for path in (ROOT / package).rglob("*.py"))
MARKUP_WIDGETS = {
    "Static", "Label", "Button", "Checkbox", "RadioButton", "DataTable", "Tree", "OptionList", "Select", "SelectionList", "ListView", "Tab",
    "Tabs", "TabbedContent", "Collapsible", "RichLog", "Log", "Markdown", "Pretty", "Header", "Footer", "Placeholder", "Link", "Digits",
}  # fmt: skip
"""Widgets of Textual that read a plain string as markup or pass escape sequences on (all tried, all do)."""
SELF_CLEANING = {"widgets/query_bar.py"}
"""Files that take text of the user's own typing and clean it themselves."""


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def calls(tree: ast.AST):
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_widgets_that_read_markup_are_not_used(path):
    tree = ast.parse(path.read_text("utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textual.widgets")
                for alias in node.names}  # fmt: skip
    assert not imported & MARKUP_WIDGETS


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_notices_are_cleaned_and_carry_no_markup(path):
    for call in calls(ast.parse(path.read_text("utf-8"))):
        if called(call) != "notify":
            continue
        given = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
        assert given.get("markup") == "False"
        assert ast.unparse(call.args[0]).startswith("clean(")
        assert given.get("title", "clean(").startswith("clean(")


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_nothing_is_parsed_as_markup(path):
    text = path.read_text("utf-8")
    for forbidden in ("from_markup", "markup=True", "border_title", "border_subtitle", "Text.from_ansi", ".tooltip ="):
        assert forbidden not in text


WIRE_TEXTS = {
    "message",
    "service",
    "service_name",
    "operation_name",
    "rule_name",
    "detail",
    "last_error",
    "error",
    "root_operation",
}
"""Fields of the wire that hold text from outside."""


@pytest.mark.parametrize("path", sorted((ROOT / "console" / "present").glob("*.py")), ids=name)
def test_values_of_widgets_are_made_of_cleaned_text(path):
    """Every attribute of the wire that holds foreign text is read inside a call that cleans it, or only compared."""
    tree = ast.parse(path.read_text("utf-8"))
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    raw = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Attribute) and node.attr in WIRE_TEXTS and isinstance(node.ctx, ast.Load)):
            continue
        if not _is_safe(node, parents):
            raw.append(f"line {node.lineno}: {ast.unparse(node)}")
    assert not raw


def _is_safe(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    while node in parents:
        node = parents[node]
        if isinstance(node, ast.Call) and called(node) in {"clean", "clean_lines", "summary", "trace_row", "_pairs"}:
            return True
        if isinstance(node, ast.Compare | ast.Lambda | ast.Assert | ast.comprehension | ast.IfExp | ast.If):
            return True
        if isinstance(node, ast.keyword) and node.arg in {"key", "service", "error"}:
            return True  # keys are never drawn; TraceRow.service and SpanRow.error are not either
        if isinstance(node, ast.FunctionDef) and node.name in {
            "summary",
            "service_of",
            "traced_service_of",
            "chat_line",
        }:
            return True  # their callers clean the result
    return False
