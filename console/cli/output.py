"""What a command prints: a table for people, JSON or one JSON object a line for programs."""

import json
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from widgets.renderables.pieces import fit, width_of
from widgets.text import clean

FORMATS = ("table", "json", "ndjson")
_WIDEST = 80


def print_items(items: Sequence[BaseModel], form: str, columns: Mapping[str, str]) -> None:
    """Print contract values; `columns` names the table's titles by field."""
    plain = [item.model_dump(mode="json", by_alias=True, exclude_none=True) for item in items]
    print_rows(plain, form, columns)


def print_rows(rows: Sequence[Mapping[str, Any]], form: str, columns: Mapping[str, str]) -> None:
    """Print rows in the form asked for."""
    if form == "json":
        print(json.dumps(list(rows), indent=2, ensure_ascii=False))
    elif form == "ndjson":
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
    else:
        _print_table(rows, columns)


def print_json_line(item: BaseModel) -> None:
    """Print one contract value as one line, at once."""
    print(item.model_dump_json(by_alias=True, exclude_none=True), flush=True)


def _print_table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> None:
    """Print aligned columns; on a terminal the last one is cut at its edge, in a pipe nothing is cut."""
    cells = [[_cell(row.get(field)) for field in columns] for row in rows]
    titles = list(columns.values())
    widths = [max([width_of(title), *(min(_WIDEST, width_of(row[place])) for row in cells)])
              for place, title in enumerate(titles)]  # fmt: skip
    edge = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    for row in [titles, *cells]:
        padded = [fit(text, width) for text, width in zip(row[:-1], widths[:-1], strict=True)]
        line = "  ".join([*padded, row[-1]])
        print(fit(line, edge).rstrip() if edge and width_of(line) > edge else line.rstrip())


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, Mapping):
        return clean(" ".join(f"{name}={inner}" for name, inner in value.items()), 400)
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Iterable) and not isinstance(value, str):
        return clean(" ".join(map(str, value)), 400)
    return clean(str(value), 4000)
