"""The house style, as far as a program can check it."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("console", "widgets", "api_client", "backend", "themes")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
LONGEST_FILE, LONGEST_FUNCTION = 400, 45
SHAPELESS = {"utils", "helpers", "common", "misc", "core"}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(tree: ast.AST):
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_file_is_about_one_noun(path):
    lines = path.read_text("utf-8").count("\n")
    assert lines <= LONGEST_FILE, f"{lines} lines"


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_functions_are_short(path):
    long = []
    for function in functions(ast.parse(path.read_text("utf-8"))):
        inner = sum(
            node.end_lineno - node.lineno + 1
            for node in function.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        )
        docstring = 1 if ast.get_docstring(function) else 0
        length = function.end_lineno - function.body[0].lineno + 1 - inner - docstring
        if length > LONGEST_FUNCTION:
            long.append(f"{function.name}: {length}")
    assert not long


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_everything_public_says_in_a_sentence_what_it_is(path):
    tree = ast.parse(path.read_text("utf-8"))
    assert ast.get_docstring(tree) or not tree.body, "the module has no docstring"
    missing = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert not missing


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_exemptions_live_in_pyproject_with_their_reason(path):
    text = path.read_text("utf-8")
    assert not [mark for mark in ("# noqa", "# type: ignore", "# pragma") if mark in text]


def test_no_folder_is_a_drawer_for_everything():
    assert not [path for path in SOURCES if SHAPELESS & set(path.relative_to(ROOT).parts) or path.stem in SHAPELESS]


@pytest.mark.parametrize("path", [path for path in SOURCES if path.parts[-2] == "screens"], ids=name)
def test_looks_of_screens_live_in_stylesheets(path):
    assert "DEFAULT_CSS" not in path.read_text("utf-8")
    assert " CSS = " not in path.read_text("utf-8")


@pytest.mark.parametrize("path", sorted((ROOT / "console").rglob("*.tcss")), ids=name)
def test_colours_in_stylesheets_are_variables(path):
    import re

    values = re.findall(r"(?:color|background|border|outline|tint)\s*:\s*([^;]+);", path.read_text("utf-8"))
    assert not [value for value in values if re.search(r"#[0-9a-fA-F]{3,8}\b|\brgb|\bansi_", value)]
