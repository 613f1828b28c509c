"""The tables of alert state: the same on SQLite and PostgreSQL."""

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()

rules = Table(
    "rules",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("draft", Text, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    Column("updated_ns", BigInteger, nullable=False),
    Column("deleted", Boolean, nullable=False, default=False),
)
"""Rules as their authors wrote them; a deleted default rule stays as a mark, so that a restart does not revive it."""

events = Table(
    "events",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("rule_id", String(64), nullable=False),
    Column("fingerprint", String(32), nullable=False),
    Column("status", String(16), nullable=False),
    Column("change", BigInteger, nullable=False),
    Column("started_ns", BigInteger, nullable=False),
    Column("resolved_ns", BigInteger),
    Column("body", Text, nullable=False),
    Index("events_by_change", "change"),
    Index("events_by_status", "status"),
    Index("events_by_start", "started_ns"),
)
"""One row per alert from first sighting to resolution; `change` ascends with every write and resumes the stream."""

timeline = Table(
    "timeline",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("event_id", String(64), ForeignKey("events.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at_ns", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("by", String(256), nullable=False, default=""),
    Column("text", Text, nullable=False, default=""),
)
"""What happened to an alert, in order."""

replies = Table(
    "replies",
    metadata,
    Column("key", String(128), primary_key=True),
    Column("at_ns", BigInteger, nullable=False),
    Column("call", String(512), nullable=False),
    Column("body", Text, nullable=False),
    Column("took_s", Float),
)
"""Answers to writes by their idempotency key: the same key gives the same answer and one effect."""
