"""Alerts on the wire: rules, the events they raise, and who has taken them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from api_client.contract.base import Answer, Labels, Request, Timestamp


class Severity(StrEnum):
    """How bad it is, worst first; `warning` and `info` are accepted beside the platform's own four."""

    CRITICAL = "critical"
    HIGH = "high"
    WARNING = "warning"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


class AlertStatus(StrEnum):
    """Where an alert stands."""

    PENDING = "pending"
    FIRING = "firing"
    RESOLVED = "resolved"


Operator = Literal["gt", "lt", "eq", "ne", "gte", "lte"]
Duration = Annotated[str, Field(pattern=r"^(\d+(ms|s|m|h|d|w))+$", max_length=32)]


class MetricCondition(Request):
    """A metric compared with a threshold for a time."""

    type: Literal["metric"]
    metric: Annotated[str, Field(min_length=1, max_length=1024)]
    operator: Operator
    threshold: float
    duration: Duration = "0s"
    labels: Labels = {}


class LogCondition(Request):
    """More matching log lines than `count` within `duration`."""

    type: Literal["log"]
    query: Annotated[str, Field(max_length=4096)]
    count: Annotated[int, Field(ge=1)] = 1
    duration: Duration = "5m"


class PromqlCondition(Request):
    """A PromQL expression: every series it answers is an alert, once it has held for `duration`."""

    type: Literal["promql"]
    expr: Annotated[str, Field(min_length=1, max_length=10_000)]
    duration: Duration = "0s"


class CompositeCondition(Request):
    """Several conditions joined by AND or OR."""

    type: Literal["composite"]
    logic: Literal["AND", "OR"]
    conditions: Annotated[tuple["Condition", ...], Field(min_length=1, max_length=20)]


Condition = Annotated[
    MetricCondition | LogCondition | PromqlCondition | CompositeCondition, Field(discriminator="type")
]


class RuleDraft(Request):
    """A rule as somebody writes it."""

    name: Annotated[str, Field(min_length=1, max_length=256)]
    description: Annotated[str, Field(max_length=4096)] = ""
    enabled: bool = True
    conditions: Condition
    severity: Severity
    channels: Annotated[tuple[str, ...], Field(max_length=100)] = ()
    labels: Labels = {}
    annotations: Labels = {}


class RuleHealth(StrEnum):
    """How the last evaluation of a rule went."""

    OK = "ok"
    ERROR = "error"
    UNKNOWN = "unknown"


class Rule(Answer):
    """A stored rule with its state."""

    id: str
    name: str
    description: str = ""
    enabled: bool = True
    conditions: Condition
    severity: Severity
    channels: tuple[str, ...] = ()
    labels: Labels = {}
    annotations: Labels = {}
    origin: str = "user"
    """`default` for those that ship with the platform, else `user`."""
    created_at: datetime
    updated_at: datetime
    health: RuleHealth = RuleHealth.UNKNOWN
    last_error: str | None = None
    last_evaluation: datetime | None = None
    evaluation_ms: float | None = None
    firing: int = 0
    pending: int = 0


class Ack(Answer):
    """Somebody has taken an alert: not a silence, and cleared when the alert resolves."""

    by: str
    at: datetime
    comment: str = ""
    until: datetime | None = None


class AlertEvent(Answer):
    """One alert from its first sighting to its resolution."""

    id: str
    fingerprint: str
    rule_id: str
    rule_name: str
    severity: Severity
    status: AlertStatus
    started_at: datetime
    fired_at: datetime | None = None
    resolved_at: datetime | None = None
    labels: Labels = {}
    annotations: Labels = {}
    value: float | None = None
    ack: Ack | None = None
    source: str = "airis"
    generator: str = ""
    """The PromQL or log query that raised it, for its chart."""
    threshold: float | None = None
    channels_notified: tuple[str, ...] = ()
    notification_count: int = 0
    silenced_by: tuple[str, ...] = ()
    inhibited_by: tuple[str, ...] = ()


class AckRequest(Request):
    """Take an alert."""

    comment: Annotated[str, Field(max_length=4096)] = ""
    until: Timestamp | None = None
    by: Annotated[str, Field(max_length=256)] = ""
    """Who takes it, where the platform does not know (the local socket)."""


class NoteRequest(Request):
    """Write down something about an alert."""

    text: Annotated[str, Field(min_length=1, max_length=16_384)]
    by: Annotated[str, Field(max_length=256)] = ""


class TimelineEntry(Answer):
    """One thing that happened to an alert."""

    at: datetime
    kind: str
    """`pending`, `firing`, `resolved`, `ack`, `unack`, `ack_cleared` or `note`."""
    by: str = ""
    text: str = ""


class AlertChange(Answer):
    """One event of the alert stream; `cursor` resumes after it."""

    cursor: str
    event: AlertEvent
