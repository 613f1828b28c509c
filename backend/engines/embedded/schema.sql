-- Tables of the embedded store; every statement may run again on an existing file.
CREATE TABLE IF NOT EXISTS logs (
    seq BIGINT NOT NULL,           -- ascends with arrival; the id of the record
    ts_ns BIGINT NOT NULL,
    observed_ns BIGINT NOT NULL,
    level UTINYINT NOT NULL,       -- 0 none, 1 DEBUG .. 5 FATAL
    service VARCHAR NOT NULL,
    body VARCHAR NOT NULL,
    trace_id VARCHAR NOT NULL,     -- lower-case hexadecimal, or empty
    span_id VARCHAR NOT NULL,
    attributes VARCHAR NOT NULL,   -- JSON object, string to string
    resource VARCHAR NOT NULL,     -- JSON object, string to string
    source VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS spans (
    seq BIGINT NOT NULL,
    trace_id VARCHAR NOT NULL,
    span_id VARCHAR NOT NULL,
    parent_id VARCHAR NOT NULL,
    service VARCHAR NOT NULL,
    operation VARCHAR NOT NULL,
    kind UTINYINT NOT NULL,        -- the numbers of OTLP
    start_ns BIGINT NOT NULL,
    duration_ns BIGINT NOT NULL,
    status UTINYINT NOT NULL,      -- 0 unset, 1 ok, 2 error
    status_message VARCHAR NOT NULL,
    attributes VARCHAR NOT NULL,
    resource VARCHAR NOT NULL,
    events VARCHAR NOT NULL,       -- JSON array
    links VARCHAR NOT NULL         -- JSON array
);
CREATE TABLE IF NOT EXISTS series (
    id INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    labels VARCHAR NOT NULL        -- canonical JSON object with sorted names, __name__ among them
);
CREATE TABLE IF NOT EXISTS samples (
    series_id INTEGER NOT NULL,
    ts_ms BIGINT NOT NULL,
    value DOUBLE,                  -- NULL for not-a-number
    stale BOOLEAN NOT NULL         -- true for the marker that ends a series
);
CREATE TABLE IF NOT EXISTS metric_metadata (
    name VARCHAR NOT NULL,
    type VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    help VARCHAR NOT NULL
);
-- Highest number ever given out, kept when retention deletes the row that bore it.
CREATE TABLE IF NOT EXISTS counters (
    name VARCHAR NOT NULL,
    value BIGINT NOT NULL
);
