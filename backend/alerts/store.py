"""Alert state in a relational database: every change is committed before it is told to anybody."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, delete, event, func, insert, select, update
from sqlalchemy.pool import ConnectionPoolEntry

from api_client.contract.alerts import AlertEvent, AlertStatus, RuleDraft, TimelineEntry
from backend.alerts import tables
from backend.clock import unix_ns, utc

_OPEN = (AlertStatus.PENDING.value, AlertStatus.FIRING.value)
_REPLY_NS = 86_400 * 10**9


@dataclass(frozen=True, slots=True)
class StoredRule:
    """A rule as written, with where it came from and when."""

    id: str
    draft: RuleDraft
    origin: str
    created_ns: int
    updated_ns: int


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which alerts are meant; None leaves a field open."""

    statuses: tuple[AlertStatus, ...] = ()
    severity: str | None = None
    start_ns: int | None = None
    end_ns: int | None = None


def sqlite_url(path: Path) -> str:
    """Return the database URL of a file."""
    return f"sqlite:///{path}"


class AlertStore:
    """Reads and writes rules, alerts and their timelines; blocking, so call it off the event loop."""

    def __init__(self, url: str) -> None:
        self._engine: Engine = create_engine(url, pool_pre_ping=True)
        if url.startswith("sqlite"):
            event.listen(self._engine, "connect", _durable_sqlite)
        tables.metadata.create_all(self._engine)

    def close(self) -> None:
        """Release the connections."""
        self._engine.dispose()

    # Rules

    def rules(self) -> list[StoredRule]:
        """Return all rules, oldest first."""
        wanted = select(tables.rules).where(tables.rules.c.deleted.is_(False)).order_by(tables.rules.c.created_ns)
        with self._engine.connect() as connection:
            return [_stored_rule(row) for row in connection.execute(wanted).mappings()]

    def known_rule_ids(self) -> set[str]:
        """Return the ids of all rules, those that were deleted among them."""
        with self._engine.connect() as connection:
            return set(connection.execute(select(tables.rules.c.id)).scalars())

    def save_rule(self, rule: StoredRule) -> None:
        """Write a rule, new or changed."""
        values = {
            "draft": rule.draft.model_dump_json(),
            "origin": rule.origin,
            "created_ns": rule.created_ns,
            "updated_ns": rule.updated_ns,
            "deleted": False,
        }
        with self._engine.begin() as connection:
            changed = connection.execute(update(tables.rules).where(tables.rules.c.id == rule.id).values(values))
            if not changed.rowcount:
                connection.execute(insert(tables.rules).values(id=rule.id, **values))

    def delete_rule(self, rule_id: str) -> bool:
        """Mark a rule as deleted; tell whether it was there."""
        wanted = (tables.rules.c.id == rule_id) & tables.rules.c.deleted.is_(False)
        with self._engine.begin() as connection:
            return bool(connection.execute(update(tables.rules).where(wanted).values(deleted=True)).rowcount)

    # Alerts

    def open_events(self) -> list[AlertEvent]:
        """Return alerts that are pending or firing."""
        return self._events(select(tables.events.c.body).where(tables.events.c.status.in_(_OPEN)))

    def find_events(self, wanted: EventFilter, limit: int, offset: int = 0) -> list[AlertEvent]:
        """Return alerts that were open at some time in the span asked for, newest first."""
        columns = tables.events.c
        query = select(columns.body).order_by(columns.started_ns.desc(), columns.id)
        if wanted.statuses:
            query = query.where(columns.status.in_([status.value for status in wanted.statuses]))
        if wanted.end_ns is not None:
            query = query.where(columns.started_ns < wanted.end_ns)
        if wanted.start_ns is not None:
            query = query.where(func.coalesce(columns.resolved_ns, 2**62) >= wanted.start_ns)
        if wanted.severity:
            query = query.where(columns.body.contains(f'"severity":"{wanted.severity}"', autoescape=True))
        return self._events(query.limit(limit).offset(offset))

    def event(self, event_id: str) -> AlertEvent | None:
        """Return one alert."""
        found = self._events(select(tables.events.c.body).where(tables.events.c.id == event_id))
        return found[0] if found else None

    def changed_since(self, change: int, limit: int) -> list[tuple[int, AlertEvent]]:
        """Return alerts written after a change, in the order of their writing."""
        columns = tables.events.c
        query = select(columns.change, columns.body).where(columns.change > change).order_by(columns.change)
        with self._engine.connect() as connection:
            rows = connection.execute(query.limit(limit)).all()
        return [(row[0], AlertEvent.model_validate_json(row[1])) for row in rows]

    def last_change(self) -> int:
        """Return the number of the newest write, 0 before any."""
        with self._engine.connect() as connection:
            return connection.execute(select(func.max(tables.events.c.change))).scalar() or 0

    def save_events(self, changes: Iterable[tuple[AlertEvent, TimelineEntry | None]]) -> None:
        """Write alerts and what happened to them, all or nothing."""
        with self._engine.begin() as connection:
            for alert, entry in changes:
                _save_event(connection, alert)
                if entry:
                    connection.execute(
                        insert(tables.timeline).values(
                            event_id=alert.id, at_ns=unix_ns(entry.at), kind=entry.kind, by=entry.by, text=entry.text
                        )
                    )

    def forget_events(self, resolved_before_ns: int) -> int:
        """Delete alerts that resolved long ago, and pending ones that never fired; return how many."""
        columns = tables.events.c
        old = select(columns.id).where(columns.resolved_ns < resolved_before_ns)
        with self._engine.begin() as connection:
            connection.execute(delete(tables.timeline).where(tables.timeline.c.event_id.in_(old)))
            connection.execute(delete(tables.replies).where(tables.replies.c.at_ns < resolved_before_ns))
            return connection.execute(delete(tables.events).where(columns.resolved_ns < resolved_before_ns)).rowcount

    def drop_event(self, event_id: str) -> None:
        """Delete a pending alert that never fired."""
        with self._engine.begin() as connection:
            connection.execute(delete(tables.timeline).where(tables.timeline.c.event_id == event_id))
            connection.execute(delete(tables.events).where(tables.events.c.id == event_id))

    def timeline(self, event_id: str) -> list[TimelineEntry]:
        """Return what happened to an alert, oldest first."""
        columns = tables.timeline.c
        query = select(tables.timeline).where(columns.event_id == event_id).order_by(columns.id)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [TimelineEntry(at=utc(row["at_ns"]), kind=row["kind"], by=row["by"], text=row["text"]) for row in rows]

    # Idempotency

    def reply(self, key: str, now_ns: int) -> tuple[str, str] | None:
        """Return the call and answer once given under a key within the last day."""
        columns = tables.replies.c
        query = select(columns.call, columns.body).where(columns.key == key, columns.at_ns > now_ns - _REPLY_NS)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return (row[0], row[1]) if row else None

    def keep_reply(self, key: str, call: str, body: str, now_ns: int) -> None:
        """Remember the answer given under a key."""
        with self._engine.begin() as connection:
            connection.execute(delete(tables.replies).where(tables.replies.c.key == key))
            connection.execute(insert(tables.replies).values(key=key, at_ns=now_ns, call=call, body=body))

    def _events(self, query: Any) -> list[AlertEvent]:
        with self._engine.connect() as connection:
            return [AlertEvent.model_validate_json(body) for body in connection.execute(query).scalars()]


def _save_event(connection: Connection, alert: AlertEvent) -> None:
    change = (connection.execute(select(func.max(tables.events.c.change))).scalar() or 0) + 1
    values = {
        "rule_id": alert.rule_id,
        "fingerprint": alert.fingerprint,
        "status": alert.status.value,
        "change": change,
        "started_ns": unix_ns(alert.started_at),
        "resolved_ns": unix_ns(alert.resolved_at) if alert.resolved_at else None,
        "body": alert.model_dump_json(),
    }
    changed = connection.execute(update(tables.events).where(tables.events.c.id == alert.id).values(values))
    if not changed.rowcount:
        connection.execute(insert(tables.events).values(id=alert.id, **values))


def _stored_rule(row: Any) -> StoredRule:
    return StoredRule(
        id=row["id"],
        draft=RuleDraft.model_validate_json(row["draft"]),
        origin=row["origin"],
        created_ns=row["created_ns"],
        updated_ns=row["updated_ns"],
    )


def _durable_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
