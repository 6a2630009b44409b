"""The first version of the schema."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "account",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column(
            "wake_on",
            sa.Date(),
            nullable=True,
            comment="the first day whose close concerns the customer",
        ),
        sa.Column(
            "state",
            sa.LargeBinary(),
            nullable=False,
            comment="ledger, standing and watch, as MessagePack",
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_account")),
        schema="monitoring",
        postgresql_with={"fillfactor": "70", "toast_tuple_target": "8160"},
        comment="one row per customer: what its facts add up to, and what is watched",
    )
    op.create_index(
        op.f("ix_account_partition_wake_on"),
        "account",
        ["partition", "wake_on"],
        unique=False,
        schema="monitoring",
    )
    op.create_table(
        "api_key",
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "created_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("revoked_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_api_key")),
        schema="monitoring",
    )
    op.create_table(
        "audit",
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit")),
        schema="monitoring",
    )
    op.create_index(
        op.f("ix_audit_subject"), "audit", ["subject"], unique=False, schema="monitoring"
    )
    op.create_table(
        "checkpoint",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("log_offset", sa.BigInteger(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("topic", "partition", name=op.f("pk_checkpoint")),
        schema="monitoring",
    )
    op.create_table(
        "command",
        sa.Column("command_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column("request_hash", sa.LargeBinary(), nullable=True),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("answer", postgresql.JSON(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "submitted_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("decided_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("command_id", name=op.f("pk_command")),
        schema="monitoring",
    )
    op.create_index(
        op.f("ix_command_customer_id"),
        "command",
        ["customer_id"],
        unique=False,
        schema="monitoring",
    )
    op.create_table(
        "dead_letter",
        sa.Column("dead_letter_id", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="parked", nullable=False),
        sa.Column(
            "parked_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("replayed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("dead_letter_id", name=op.f("pk_dead_letter")),
        schema="monitoring",
    )
    op.create_index(
        op.f("ix_dead_letter_parked_at"),
        "dead_letter",
        ["parked_at"],
        unique=False,
        schema="monitoring",
    )
    op.create_table(
        "decision",
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("policy_version", sa.Text(), nullable=False),
        sa.Column("model_version", sa.Text(), nullable=False),
        sa.Column("cause_id", sa.Text(), nullable=False),
        sa.Column("cause_source", sa.Text(), nullable=False),
        sa.Column("cause_type", sa.Text(), nullable=False),
        sa.Column("correlation_id", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_decision")),
        schema="monitoring",
    )
    op.create_index(
        op.f("ix_decision_cause_id"), "decision", ["cause_id"], unique=False, schema="monitoring"
    )
    op.create_index(
        op.f("ix_decision_correlation_id"),
        "decision",
        ["correlation_id"],
        unique=False,
        schema="monitoring",
    )
    op.create_index(
        op.f("ix_decision_customer_id_recorded_at"),
        "decision",
        ["customer_id", "recorded_at"],
        unique=False,
        schema="monitoring",
    )
    op.create_table(
        "fact",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="the event's type"),
        sa.Column("document", sa.Text(), nullable=False, comment="its own number"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False, comment="unique within its source"),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("event_date", sa.Date(), nullable=False, comment="when it happened"),
        sa.Column(
            "recorded_at",
            postgresql.TIMESTAMP(timezone=True),
            nullable=False,
            comment="when it was told",
        ),
        sa.Column("payload", sa.LargeBinary(), nullable=False, comment="the event, as JSON"),
        sa.PrimaryKeyConstraint(
            "customer_id", "kind", "document", "version", "source", name=op.f("pk_fact")
        ),
        schema="monitoring",
        comment="every accepted fact; its key is what makes two facts the same",
    )
    op.create_index(
        op.f("ix_fact_event_date"), "fact", ["event_date"], unique=False, schema="monitoring"
    )
    op.create_index(
        op.f("ix_fact_source_event_id"),
        "fact",
        ["source", "event_id"],
        unique=False,
        schema="monitoring",
    )
    op.create_table(
        "idempotent_request",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("command_id", sa.Text(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", postgresql.JSON(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "claimed_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("person", "idempotency_key", name=op.f("pk_idempotent_request")),
        schema="monitoring",
    )
    op.create_table(
        "partition_state",
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("lease_until", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column(
            "transport",
            sa.Text(),
            nullable=True,
            comment="what counts the positions of its checkpoints",
        ),
        sa.Column("epoch", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("partition", name=op.f("pk_partition_state")),
        schema="monitoring",
    )
    op.create_table(
        "outcome",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="default|long_overdue|write_off|cure"),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column(
            "exposure",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="at stake, by currency in minor units",
        ),
        sa.PrimaryKeyConstraint("customer_id", "kind", "on", name=op.f("pk_outcome")),
        schema="monitoring",
        comment="what became of customers, for the scorecard of the warnings",
    )
    op.create_index(op.f("ix_outcome_on"), "outcome", ["on"], unique=False, schema="monitoring")
    op.create_table(
        "proposal_decision",
        sa.Column("proposal_id", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False, comment="the business day"),
        sa.Column("verdict", sa.Text(), nullable=False, comment="accepted|dismissed"),
        sa.Column(
            "proposal",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="as it was decided on",
        ),
        sa.Column(
            "policy_version", sa.Text(), nullable=True, comment="the draft that was made of it"
        ),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "decided_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("proposal_id", "decided_on", name=op.f("pk_proposal_decision")),
        schema="monitoring",
        comment="what people decided on proposals to retune or retire indicators",
    )
    op.create_table(
        "partition_total",
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column(
            "open_minor", sa.BigInteger(), nullable=False, comment="open receivables, minor units"
        ),
        sa.Column(
            "customers", sa.Integer(), nullable=False, comment="customers that owe any of it"
        ),
        sa.PrimaryKeyConstraint("partition", "currency", name=op.f("pk_partition_total")),
        schema="monitoring",
    )
    op.create_table(
        "day_total",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column(
            "open_minor", sa.BigInteger(), nullable=False, comment="open receivables, minor units"
        ),
        sa.Column(
            "customers", sa.Integer(), nullable=False, comment="customers that owe any of it"
        ),
        sa.PrimaryKeyConstraint("day", "partition", "currency", name=op.f("pk_day_total")),
        schema="monitoring",
        comment="what was owed to us at the end of each day, one partition's part",
    )
    op.create_table(
        "policy_version",
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "drafted_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("approver", sa.Text(), nullable=True),
        sa.Column("approval_note", sa.Text(), nullable=True),
        sa.Column("decided_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("approver <> author", name=op.f("ck_policy_version_second_person")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_policy_version")),
        schema="monitoring",
    )
    op.create_table(
        "profile",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="Profile as JSON"),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_profile")),
        schema="monitoring",
        comment="statements, signals and sector of a customer",
    )
    op.create_table(
        "rebuild_part",
        sa.Column("rebuild_id", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("jobs", sa.Integer(), nullable=False, comment="chunks rebuilt so far"),
        sa.Column("customers", sa.Integer(), nullable=False, comment="customers rebuilt so far"),
        sa.Column(
            "differed",
            sa.Integer(),
            nullable=False,
            comment="those whose account was not as kept",
        ),
        sa.Column(
            "figures",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="how many customers each figure differed for",
        ),
        sa.Column(
            "examples",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="the first differences, before and after",
        ),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("asked_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("rebuild_id", "partition", name=op.f("pk_rebuild_part")),
        schema="monitoring",
        comment="how far the rebuilds of accounts have come, by partition",
    )
    op.create_table(
        "simulation",
        sa.Column("simulation_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False, comment="running|done|failed"),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column(
            "moved_at",
            postgresql.TIMESTAMP(timezone=True),
            nullable=False,
            comment="when it last got on",
        ),
        sa.Column(
            "wish",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="the policy to try and over what",
        ),
        sa.Column("customers", sa.Integer(), nullable=False, comment="customers replayed so far"),
        sa.Column(
            "outcome",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="both policies side by side",
        ),
        sa.Column("reason", sa.Text(), nullable=True, comment="why it failed"),
        sa.PrimaryKeyConstraint("simulation_id", name=op.f("pk_simulation")),
        schema="monitoring",
        comment="dry runs of policies over the stored history",
    )
    op.create_table(
        "seen",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column(
            "recorded_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("source", "event_id", name=op.f("pk_seen")),
        schema="monitoring",
    )
    op.create_table(
        "signal",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False, comment="empty: about no customer"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recorded_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False, comment="the event, as JSON"),
        sa.PrimaryKeyConstraint("source", "event_id", name=op.f("pk_signal")),
        schema="monitoring",
        comment="outside signals, recorded only",
    )
    op.create_index(
        op.f("ix_signal_customer_id_recorded_at"),
        "signal",
        ["customer_id", "recorded_at"],
        unique=False,
        schema="monitoring",
    )
    op.create_table(
        "waiting",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="the event's type"),
        sa.Column("document", sa.Text(), nullable=False, comment="its own number"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False, comment="unique within its source"),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("event_date", sa.Date(), nullable=False, comment="when it happened"),
        sa.Column(
            "recorded_at",
            postgresql.TIMESTAMP(timezone=True),
            nullable=False,
            comment="when it was told",
        ),
        sa.Column("payload", sa.LargeBinary(), nullable=False, comment="the event, as JSON"),
        sa.PrimaryKeyConstraint(
            "customer_id", "kind", "document", "version", "source", name=op.f("pk_waiting")
        ),
        schema="monitoring",
        comment="facts dated later than the business day, or from before the ledger has begun",
    )
    op.create_index(
        op.f("ix_waiting_source_event_id"),
        "waiting",
        ["source", "event_id"],
        unique=False,
        schema="monitoring",
    )
    op.create_table(
        "warning",
        sa.Column("warning_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False, comment="watch|amber|red, as last said"),
        sa.Column(
            "status", sa.Text(), nullable=False, comment="open|acknowledged|resolved|suppressed"
        ),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column(
            "changed_on", sa.Date(), nullable=False, comment="the day it was last said or resolved"
        ),
        sa.Column("value", sa.Float(precision=53), nullable=False),
        sa.Column("threshold", sa.Float(precision=53), nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "correlation_id", sa.Text(), nullable=False, comment="of the chain that raised it"
        ),
        sa.Column("acknowledged_by", sa.Text(), nullable=True),
        sa.Column("acknowledged_on", sa.Date(), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True, comment="empty if it cleared by itself"),
        sa.Column("resolved_on", sa.Date(), nullable=True),
        sa.Column(
            "label",
            sa.Text(),
            nullable=True,
            comment="true|benign|data_error|duplicate: a person's verdict",
        ),
        sa.Column("labelled_by", sa.Text(), nullable=True),
        sa.Column("labelled_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column(
            "case_id",
            sa.Text(),
            nullable=True,
            comment="joins warnings of one customer that came together",
        ),
        sa.Column(
            "pending_since",
            sa.Date(),
            nullable=True,
            comment="the day it began to wait for somebody",
        ),
        sa.Column(
            "pending_at",
            postgresql.TIMESTAMP(timezone=True),
            nullable=True,
            comment="the moment, by the event behind it",
        ),
        sa.Column(
            "amber_on", sa.Date(), nullable=True, comment="the first day it was amber or worse"
        ),
        sa.Column("red_on", sa.Date(), nullable=True, comment="the first day it was red"),
        sa.Column("worst_value", sa.Float(precision=53), nullable=True),
        sa.Column(
            "exposure",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="at stake when raised, in minor units",
        ),
        sa.Column("snooze", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("said", sa.Integer(), nullable=False, comment="announcements"),
        sa.Column(
            "held",
            sa.Integer(),
            nullable=False,
            comment="observations in breach that were held back",
        ),
        sa.PrimaryKeyConstraint("warning_id", name=op.f("pk_warning")),
        schema="monitoring",
    )
    op.create_index(
        op.f("ix_warning_case_id"), "warning", ["case_id"], unique=False, schema="monitoring"
    )
    op.create_index(
        op.f("ix_warning_customer_id_raised_on"),
        "warning",
        ["customer_id", "raised_on"],
        unique=False,
        schema="monitoring",
    )
    op.create_index(
        op.f("ix_warning_raised_on_warning_id"),
        "warning",
        ["raised_on", "warning_id"],
        unique=False,
        schema="monitoring",
    )
    op.create_index(
        op.f("ix_warning_status_raised_on"),
        "warning",
        ["status", "raised_on"],
        unique=False,
        schema="monitoring",
    )
    op.create_table(
        "worker_member",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("alive_until", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_worker_member")),
        schema="monitoring",
    )
    op.create_table(
        "index_series",
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False, comment="of industry codes, or country"),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="pmi, insolvency, currency …"),
        sa.Column("readings", sa.Text(), nullable=False, comment="by day, as JSON"),
        sa.PrimaryKeyConstraint(
            "partition", "scheme", "code", "name", name=op.f("pk_index_series")
        ),
        schema="monitoring",
        comment="what was published of sectors and countries, a copy per partition",
    )
    op.create_table(
        "membership",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column(
            "industry", sa.Text(), nullable=True, comment="the register's code after its scheme"
        ),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column(
            "since",
            sa.Date(),
            nullable=False,
            comment="the business day on which it was registered",
        ),
        sa.Column(
            "linked",
            sa.Boolean(),
            nullable=False,
            comment="its closes look at other customers too",
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_membership")),
        schema="monitoring",
        comment="which sector and country a customer belongs to",
    )
    op.create_index(
        op.f("ix_membership_partition_country"),
        "membership",
        ["partition", "country"],
        unique=False,
        schema="monitoring",
    )
    op.create_index(
        op.f("ix_membership_partition_industry"),
        "membership",
        ["partition", "industry"],
        unique=False,
        schema="monitoring",
    )
    op.create_table(
        "member_day",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column(
            "ews",
            sa.Float(precision=53),
            nullable=False,
            comment="its own, without what others add",
        ),
        sa.Column("in_default", sa.Boolean(), nullable=False),
        sa.Column(
            "amounts",
            sa.Text(),
            nullable=False,
            comment="exposure and limit by currency, as JSON",
        ),
        sa.PrimaryKeyConstraint("customer_id", "day", name=op.f("pk_member_day")),
        schema="monitoring",
        comment="how a linked customer stood at a close, until its next such row",
    )
    op.create_table(
        "relationship",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False, comment="another customer's id, or a name"),
        sa.Column("share", sa.Float(precision=53), nullable=True),
        sa.Column(
            "from_day",
            sa.Date(),
            nullable=False,
            comment="the business day on which it was told",
        ),
        sa.Column(
            "until", sa.Date(), nullable=True, comment="the day from which it counts no more"
        ),
        sa.PrimaryKeyConstraint("customer_id", "kind", "party", name=op.f("pk_relationship")),
        schema="monitoring",
    )
    op.create_index(
        op.f("ix_relationship_party"),
        "relationship",
        ["party"],
        unique=False,
        schema="monitoring",
    )
    op.create_table(
        "sector_month",
        sa.Column("month_end", sa.Date(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column(
            "customers",
            sa.Integer(),
            nullable=False,
            comment="that settled anything in the month",
        ),
        sa.Column(
            "micro_days_late",
            sa.BigInteger(),
            nullable=False,
            comment="their sum, in millionths",
        ),
        sa.PrimaryKeyConstraint("month_end", "sector", "partition", name=op.f("pk_sector_month")),
        schema="monitoring",
        comment="how late our customers of a sector paid, one partition's part",
    )
    op.create_table(
        "log",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("headers", postgresql.JSON(astext_type=sa.Text()), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column(
            "appended_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("topic", "partition", "offset", name=op.f("pk_log")),
        schema="monitoring_log",
    )
    op.create_index(op.f("ix_log_key"), "log", ["key"], unique=False, schema="monitoring_log")
    op.create_table(
        "log_head",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("next_offset", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("topic", "partition", name=op.f("pk_log_head")),
        schema="monitoring_log",
    )
    op.create_table(
        "log_reader",
        sa.Column("group_name", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column(
            "moved_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("group_name", "topic", "partition", name=op.f("pk_log_reader")),
        schema="monitoring_log",
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("log_reader", schema="monitoring_log")
    op.drop_table("log_head", schema="monitoring_log")
    op.drop_index(op.f("ix_log_key"), table_name="log", schema="monitoring_log")
    op.drop_table("log", schema="monitoring_log")
    op.drop_table("sector_month", schema="monitoring")
    op.drop_index(op.f("ix_relationship_party"), table_name="relationship", schema="monitoring")
    op.drop_table("relationship", schema="monitoring")
    op.drop_table("member_day", schema="monitoring")
    op.drop_index(
        op.f("ix_membership_partition_industry"), table_name="membership", schema="monitoring"
    )
    op.drop_index(
        op.f("ix_membership_partition_country"), table_name="membership", schema="monitoring"
    )
    op.drop_table("membership", schema="monitoring")
    op.drop_table("index_series", schema="monitoring")
    op.drop_table("worker_member", schema="monitoring")
    op.drop_index(op.f("ix_warning_status_raised_on"), table_name="warning", schema="monitoring")
    op.drop_index(
        op.f("ix_warning_raised_on_warning_id"), table_name="warning", schema="monitoring"
    )
    op.drop_index(
        op.f("ix_warning_customer_id_raised_on"), table_name="warning", schema="monitoring"
    )
    op.drop_index(op.f("ix_warning_case_id"), table_name="warning", schema="monitoring")
    op.drop_table("warning", schema="monitoring")
    op.drop_index(op.f("ix_waiting_source_event_id"), table_name="waiting", schema="monitoring")
    op.drop_table("waiting", schema="monitoring")
    op.drop_index(
        op.f("ix_signal_customer_id_recorded_at"), table_name="signal", schema="monitoring"
    )
    op.drop_table("signal", schema="monitoring")
    op.drop_table("seen", schema="monitoring")
    op.drop_table("simulation", schema="monitoring")
    op.drop_table("rebuild_part", schema="monitoring")
    op.drop_table("profile", schema="monitoring")
    op.drop_table("policy_version", schema="monitoring")
    op.drop_table("partition_total", schema="monitoring")
    op.drop_table("day_total", schema="monitoring")
    op.drop_table("proposal_decision", schema="monitoring")
    op.drop_index(op.f("ix_outcome_on"), table_name="outcome", schema="monitoring")
    op.drop_table("outcome", schema="monitoring")
    op.drop_table("partition_state", schema="monitoring")
    op.drop_table("idempotent_request", schema="monitoring")
    op.drop_index(op.f("ix_fact_source_event_id"), table_name="fact", schema="monitoring")
    op.drop_index(op.f("ix_fact_event_date"), table_name="fact", schema="monitoring")
    op.drop_table("fact", schema="monitoring")
    op.drop_index(
        op.f("ix_decision_customer_id_recorded_at"), table_name="decision", schema="monitoring"
    )
    op.drop_index(op.f("ix_decision_correlation_id"), table_name="decision", schema="monitoring")
    op.drop_index(op.f("ix_decision_cause_id"), table_name="decision", schema="monitoring")
    op.drop_table("decision", schema="monitoring")
    op.drop_index(op.f("ix_dead_letter_parked_at"), table_name="dead_letter", schema="monitoring")
    op.drop_table("dead_letter", schema="monitoring")
    op.drop_index(op.f("ix_command_customer_id"), table_name="command", schema="monitoring")
    op.drop_table("command", schema="monitoring")
    op.drop_table("checkpoint", schema="monitoring")
    op.drop_index(op.f("ix_audit_subject"), table_name="audit", schema="monitoring")
    op.drop_table("audit", schema="monitoring")
    op.drop_table("api_key", schema="monitoring")
    op.drop_index(op.f("ix_account_partition_wake_on"), table_name="account", schema="monitoring")
    op.drop_table("account", schema="monitoring")
