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
        schema="recovery",
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
        schema="recovery",
    )
    op.create_index(op.f("ix_audit_subject"), "audit", ["subject"], unique=False, schema="recovery")
    op.create_table(
        "case",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("tier", sa.Text(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=24, scale=4), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=True),
        sa.Column("next_action", sa.Text(), nullable=True),
        sa.Column("next_action_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case")),
        schema="recovery",
    )
    op.create_index(
        op.f("ix_case_customer_id"), "case", ["customer_id"], unique=False, schema="recovery"
    )
    op.create_index(
        op.f("ix_case_opened_on_case_id"),
        "case",
        ["opened_on", "case_id"],
        unique=False,
        schema="recovery",
    )
    op.create_index(
        "uq_case_one_open_per_customer",
        "case",
        ["customer_id"],
        unique=True,
        schema="recovery",
        postgresql_where=sa.text("closed_on IS NULL"),
    )
    op.create_table(
        "case_action",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "ordinal", name=op.f("pk_case_action")),
        schema="recovery",
    )
    op.create_table(
        "checkpoint",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("log_offset", sa.BigInteger(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("topic", "partition", name=op.f("pk_checkpoint")),
        schema="recovery",
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
        schema="recovery",
    )
    op.create_index(
        op.f("ix_command_customer_id"), "command", ["customer_id"], unique=False, schema="recovery"
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
        schema="recovery",
    )
    op.create_index(
        op.f("ix_dead_letter_parked_at"),
        "dead_letter",
        ["parked_at"],
        unique=False,
        schema="recovery",
    )
    op.create_table(
        "debtor",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=True),
        sa.Column("tier_since", sa.Date(), nullable=True),
        sa.Column("in_default", sa.Boolean(), nullable=False),
        sa.Column("wake_on", sa.Date(), nullable=True),
        sa.Column("state", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_debtor")),
        schema="recovery",
    )
    op.create_index(
        op.f("ix_debtor_partition_wake_on"),
        "debtor",
        ["partition", "wake_on"],
        unique=False,
        schema="recovery",
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
        schema="recovery",
    )
    op.create_index(
        op.f("ix_decision_cause_id"), "decision", ["cause_id"], unique=False, schema="recovery"
    )
    op.create_index(
        op.f("ix_decision_correlation_id"),
        "decision",
        ["correlation_id"],
        unique=False,
        schema="recovery",
    )
    op.create_index(
        op.f("ix_decision_customer_id_recorded_at"),
        "decision",
        ["customer_id", "recorded_at"],
        unique=False,
        schema="recovery",
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
        schema="recovery",
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
        schema="recovery",
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
        schema="recovery",
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
        schema="recovery",
    )
    op.create_table(
        "worker_member",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("alive_until", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_worker_member")),
        schema="recovery",
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
        schema="recovery_log",
    )
    op.create_index(op.f("ix_log_key"), "log", ["key"], unique=False, schema="recovery_log")
    op.create_table(
        "log_head",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("next_offset", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("topic", "partition", name=op.f("pk_log_head")),
        schema="recovery_log",
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
        schema="recovery_log",
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("log_reader", schema="recovery_log")
    op.drop_table("log_head", schema="recovery_log")
    op.drop_index(op.f("ix_log_key"), table_name="log", schema="recovery_log")
    op.drop_table("log", schema="recovery_log")
    op.drop_table("worker_member", schema="recovery")
    op.drop_table("seen", schema="recovery")
    op.drop_table("policy_version", schema="recovery")
    op.drop_table("partition_state", schema="recovery")
    op.drop_table("idempotent_request", schema="recovery")
    op.drop_index(
        op.f("ix_decision_customer_id_recorded_at"), table_name="decision", schema="recovery"
    )
    op.drop_index(op.f("ix_decision_correlation_id"), table_name="decision", schema="recovery")
    op.drop_index(op.f("ix_decision_cause_id"), table_name="decision", schema="recovery")
    op.drop_table("decision", schema="recovery")
    op.drop_index(op.f("ix_debtor_partition_wake_on"), table_name="debtor", schema="recovery")
    op.drop_table("debtor", schema="recovery")
    op.drop_index(op.f("ix_dead_letter_parked_at"), table_name="dead_letter", schema="recovery")
    op.drop_table("dead_letter", schema="recovery")
    op.drop_index(op.f("ix_command_customer_id"), table_name="command", schema="recovery")
    op.drop_table("command", schema="recovery")
    op.drop_table("checkpoint", schema="recovery")
    op.drop_table("case_action", schema="recovery")
    op.drop_index(
        "uq_case_one_open_per_customer",
        table_name="case",
        schema="recovery",
        postgresql_where=sa.text("closed_on IS NULL"),
    )
    op.drop_index(op.f("ix_case_opened_on_case_id"), table_name="case", schema="recovery")
    op.drop_index(op.f("ix_case_customer_id"), table_name="case", schema="recovery")
    op.drop_table("case", schema="recovery")
    op.drop_index(op.f("ix_audit_subject"), table_name="audit", schema="recovery")
    op.drop_table("audit", schema="recovery")
    op.drop_table("api_key", schema="recovery")
