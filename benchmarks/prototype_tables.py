"""The prototype's tables, and the statements that write a batch: one CTE, or COPY."""

from typing import Final

SCHEMA: Final = "prototype"
TABLES: Final = """
CREATE SCHEMA prototype;
SET search_path TO prototype;
CREATE TABLE partition_state (partition int PRIMARY KEY, epoch bigint NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 0);
CREATE TABLE checkpoint (topic text, partition int, position bigint NOT NULL,
    PRIMARY KEY (topic, partition));
CREATE TABLE account (customer_id text PRIMARY KEY, partition int NOT NULL,
    open_minor bigint NOT NULL, overdue_minor bigint NOT NULL, exposure_minor bigint NOT NULL,
    state bytea NOT NULL) WITH (fillfactor = 70);
CREATE TABLE fact (customer_id text, kind text, document text, version int, source text,
    event_id text NOT NULL, partition int NOT NULL, event_date date NOT NULL,
    recorded_at timestamptz NOT NULL, body_hash bytea NOT NULL, payload bytea NOT NULL,
    PRIMARY KEY (customer_id, document, kind, version, source));
CREATE UNIQUE INDEX ON fact (event_id, source);
CREATE TABLE warning (warning_id text PRIMARY KEY, customer_id text NOT NULL,
    indicator text NOT NULL, severity smallint NOT NULL, raised_on date NOT NULL,
    value float8 NOT NULL);
CREATE TABLE log (topic text, partition int, "offset" bigint, key text NOT NULL,
    headers jsonb NOT NULL, value bytea NOT NULL,
    appended_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (topic, partition, "offset"));
CREATE TABLE log_head (topic text, partition int, next_offset bigint NOT NULL,
    PRIMARY KEY (topic, partition));
"""

LOCK: Final = "SELECT epoch, version FROM partition_state WHERE partition = $1 FOR UPDATE"

PROBE: Final = """
SELECT event_id, source FROM unnest($1::text[], $2::text[]) AS asked(event_id, source)
JOIN fact USING (event_id, source)
"""
PROBE_KEYS: Final = """
SELECT customer_id, document, kind, source
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
    AS asked(customer_id, document, kind, source)
JOIN fact USING (customer_id, document, kind, source)
"""
LOAD: Final = "SELECT customer_id, state FROM account WHERE customer_id = ANY($1::text[])"

_MOVE = """
moved AS (INSERT INTO checkpoint VALUES ('obligor.transactions', $1::int, $2::bigint)
    ON CONFLICT (topic, partition) DO UPDATE SET position = excluded.position),
counted AS (UPDATE partition_state SET version = version + 1 WHERE partition = $1::int),
head AS (INSERT INTO log_head VALUES ('obligor.monitoring', $1::int, $3::bigint)
    ON CONFLICT (topic, partition) DO UPDATE SET next_offset = log_head.next_offset + $3::bigint
    RETURNING next_offset - $3::bigint AS first)
"""
_ACCOUNTS = """
accounts AS (INSERT INTO account SELECT name, $1::int, o, d, e, s
    FROM unnest({names}::text[], {opens}::bigint[], {overdues}::bigint[], {exposures}::bigint[],
        {states}::bytea[]) AS rows(name, o, d, e, s)
    ON CONFLICT (customer_id) DO UPDATE SET open_minor = excluded.open_minor,
        overdue_minor = excluded.overdue_minor, exposure_minor = excluded.exposure_minor,
        state = excluded.state)
"""

MOVE_AND_ACCOUNTS: Final = (
    "WITH "
    + _MOVE
    + ", "
    + _ACCOUNTS.format(names="$4", opens="$5", overdues="$6", exposures="$7", states="$8")
    + " SELECT first FROM head"
)
"""All but what COPY appends; answers the first offset of the log that is the batch's."""

EVERYTHING: Final = (
    "WITH "
    + _MOVE
    + ", "
    + _ACCOUNTS.format(names="$4", opens="$5", overdues="$6", exposures="$7", states="$8")
    + """,
facts AS (INSERT INTO fact SELECT c, k, d, v, s, e, $1::int, o, r, h, p
    FROM unnest($9::text[], $10::text[], $11::text[], $12::int[], $13::text[], $14::text[],
        $15::date[], $16::timestamptz[], $17::bytea[], $18::bytea[])
        AS rows(c, k, d, v, s, e, o, r, h, p)),
warnings AS (INSERT INTO warning SELECT * FROM unnest($19::text[], $20::text[], $21::text[],
    $22::smallint[], $23::date[], $24::float8[]) ON CONFLICT DO NOTHING)
INSERT INTO log (topic, partition, "offset", key, headers, value)
SELECT 'obligor.monitoring', $1::int, head.first + place - 1, key, headers::jsonb, value
FROM unnest($25::text[], $26::text[], $27::bytea[]) WITH ORDINALITY
    AS rows(key, headers, value, place), head
"""
)

FACT_COLUMNS: Final = (
    "customer_id",
    "kind",
    "document",
    "version",
    "source",
    "event_id",
    "partition",
    "event_date",
    "recorded_at",
    "body_hash",
    "payload",
)
LOG_COLUMNS: Final = ("topic", "partition", "offset", "key", "headers", "value")
WARNING_COLUMNS: Final = (
    "warning_id",
    "customer_id",
    "indicator",
    "severity",
    "raised_on",
    "value",
)
STAGE_FACTS: Final = (
    "CREATE TEMP TABLE IF NOT EXISTS staged (LIKE prototype.fact) ON COMMIT DELETE ROWS"
)
MERGE_FACTS: Final = "INSERT INTO fact SELECT * FROM staged"
