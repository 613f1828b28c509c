"""Series selectors as text and as matchers."""

from collections.abc import Iterable

import promql_parser

from api_client.contract.base import Labels
from backend.errors import QueryInvalid
from backend.metrics.port import Matcher

_OPS = {"Equal": "=", "NotEqual": "!=", "Re": "=~", "NotRe": "!~"}


def selector_text(name: str, labels: Labels) -> str:
    """Return the PromQL selector of a metric name and exact labels, whatever characters they contain."""
    parts = [f"__name__={_quoted(name)}", *(f"{_label(key)}={_quoted(value)}" for key, value in labels.items())]
    return "{" + ",".join(parts) + "}"


def matchers_of(selectors: Iterable[str] | None) -> list[list[Matcher]]:
    """Parse selectors such as `up{job="node"}`; a wrong one raises `QueryInvalid`."""
    return [_matchers(text) for text in selectors or ()]


def _matchers(text: str) -> list[Matcher]:
    try:
        expr = promql_parser.parse(text)
    except ValueError as error:
        raise QueryInvalid(f"match[]: {error}", end=len(text)) from error
    if not isinstance(expr, promql_parser.VectorSelector):
        raise QueryInvalid(f"match[]: “{text}” is not a series selector", end=len(text))
    found = [Matcher("__name__", "=", expr.name)] if expr.name else []
    found += [Matcher(item.name, _OPS[str(item.op).rsplit(".", 1)[-1]], item.value) for item in expr.matchers.matchers]
    return found


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _label(name: str) -> str:
    plain = name.replace("_", "a").isalnum() and name.isascii() and not name[0].isdigit()
    return name if plain else _quoted(name)
