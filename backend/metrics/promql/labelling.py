"""Functions on labels: label_replace, label_join, and the labels of absent."""

import re
from collections.abc import Sequence

from api_client.contract.base import Labels
from backend.errors import QueryInvalid
from backend.ingest.series import LABEL_NAME
from backend.metrics.port import Matcher
from backend.metrics.promql.values import NAME, Vector, unique

_GROUP = re.compile(r"\$(?:(\d+|[A-Za-z_]\w*)|\{(\w+)\}|(\$))")


def label_replace(vector: Vector, target: str, replacement: str, source: str, pattern: str) -> Vector:
    """Set a label from the groups of an anchored expression on another; an empty result removes it."""
    try:
        expression = re.compile(f"(?s:{pattern})")
    except re.error as error:
        raise QueryInvalid(f"PromQL: label_replace: wrong regular expression: {error}") from None
    _check_name(target)

    def changed(labels: Labels) -> Labels:
        found = expression.fullmatch(labels.get(source, ""))
        return labels if found is None else _with(labels, target, _expanded(found, replacement))

    return unique(Vector(tuple(map(changed, vector.labels)), vector.values, vector.present))


def label_join(vector: Vector, target: str, separator: str, sources: Sequence[str]) -> Vector:
    """Set a label to the joined values of others; an empty result removes it."""
    _check_name(target)
    changed = tuple(
        _with(labels, target, separator.join(labels.get(source, "") for source in sources)) for labels in vector.labels
    )
    return unique(Vector(changed, vector.values, vector.present))


def labels_of_absent(matchers: Sequence[Matcher]) -> Labels:
    """Return the labels of an absent series: those that the selector fixes by `=`, once each."""
    names = [matcher.label for matcher in matchers]
    return {
        matcher.label: matcher.value
        for matcher in matchers
        if matcher.op == "=" and matcher.label != NAME and names.count(matcher.label) == 1 and matcher.value
    }


def _expanded(found: re.Match[str], replacement: str) -> str:
    """Fill in $1 and ${name} as Go does: a group that does not exist is empty."""

    def group(named: re.Match[str]) -> str:
        if named[3]:
            return "$"
        name = named[1] or named[2]
        try:
            return found[int(name) if name.isdigit() else name] or ""
        except IndexError:
            return ""

    return _GROUP.sub(group, replacement)


def _with(labels: Labels, name: str, value: str) -> Labels:
    rest = {key: held for key, held in labels.items() if key != name}
    return {**rest, name: value} if value else rest


def _check_name(label: str) -> None:
    if not LABEL_NAME.fullmatch(label):
        raise QueryInvalid(f"PromQL: {label!r} is no label name")
