"""Reminders and what members share; the timetable and the outbox, which bring them to people."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("members", sa.Column("prefers", sa.Text()))
    op.add_column("members", sa.Column("budget", sa.Integer()))
    op.add_column("coalitions", sa.Column("posted", sa.DateTime(timezone=True)))
    op.add_column("coalitions", sa.Column("post_days", sa.Integer()))
    _tables_of_records()
    _tables_of_the_store()


def _tables_of_records() -> None:
    op.create_table(
        "reminders",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("timing", sa.Text(), nullable=False),
        sa.Column("maker", sa.Text()),
        sa.Column("member", sa.Text()),
        sa.Column("leads", sa.Text()),
        sa.Column("place", sa.Text()),
        sa.Column("about", sa.Text()),
        sa.Column("cycle", sa.Text()),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer()),
        sa.Column("window", sa.Integer()),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.UniqueConstraint("coalition", "uid"),
        sa.ForeignKeyConstraint(["coalition", "member"], ["members.coalition", "members.id"]),
        sa.ForeignKeyConstraint(["coalition", "cycle"], ["cycles.coalition", "cycles.id"]),
        sa.ForeignKeyConstraint(["coalition", "leads"], ["projects.coalition", "projects.id"]),
        sa.ForeignKeyConstraint(["coalition", "maker"], ["members.coalition", "members.id"]),
    )
    op.create_index("ix_reminders_cycle_kind", "reminders", ["coalition", "cycle", "kind"])
    op.create_index("ix_reminders_maker_state", "reminders", ["coalition", "maker", "state"])
    op.create_index("ix_reminders_member_state", "reminders", ["coalition", "member", "state"])
    op.create_table(
        "occurrences",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("reminder", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("member", sa.Text()),
        sa.Column("place", sa.Text()),
        sa.Column("about", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("snoozed", sa.Text()),
        sa.Column("by", sa.Text()),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True)),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.UniqueConstraint("coalition", "uid"),
        sa.UniqueConstraint("coalition", "key"),
        sa.ForeignKeyConstraint(["coalition", "reminder"], ["reminders.coalition", "reminders.id"]),
        sa.ForeignKeyConstraint(["coalition", "member"], ["members.coalition", "members.id"]),
        sa.ForeignKeyConstraint(["coalition", "by"], ["members.coalition", "members.id"]),
        sa.ForeignKeyConstraint(
            ["coalition", "snoozed"], ["occurrences.coalition", "occurrences.id"], deferrable=True, initially="DEFERRED"
        ),
    )
    op.create_index("ix_occurrences_member_at", "occurrences", ["coalition", "member", "at"])
    op.create_index("ix_occurrences_reminder_due", "occurrences", ["coalition", "reminder", "due"])
    op.create_index("ix_occurrences_state_at", "occurrences", ["coalition", "state", "at"])
    op.create_table(
        "lessons",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("author", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("project", sa.Text()),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["coalition", "author"], ["members.coalition", "members.id"]),
        sa.UniqueConstraint("coalition", "uid"),
        sa.ForeignKeyConstraint(["coalition", "project"], ["projects.coalition", "projects.id"]),
    )
    op.create_index("ix_lessons_at", "lessons", ["coalition", "at"])
    op.create_index("ix_lessons_kind_at", "lessons", ["coalition", "kind", "at"])


def _tables_of_the_store() -> None:
    op.create_table(
        "timetable",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("record", sa.Text(), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_timetable_at", "timetable", ["coalition", "at"])
    op.create_table(
        "beats",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("process", sa.Text(), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("member", sa.Text()),
        sa.Column("transaction", sa.Integer(), sa.ForeignKey("transactions.id")),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("doubtful", sa.Boolean(), nullable=False),
        sa.Column("tried", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("sent", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("coalition", "key"),
    )
    op.create_index("ix_letters_about", "letters", ["coalition", "about"])
    op.create_index("ix_letters_lane", "letters", ["coalition", "lane", "state", "id"])
    op.create_index("ix_letters_state", "letters", ["coalition", "state", "made"])
    op.create_index("ix_letters_transaction", "letters", ["transaction"])
    op.create_table(
        "lanes",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("lane", sa.Text(), primary_key=True),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("ready", sa.DateTime(timezone=True)),
        sa.Column("holder", sa.Text()),
        sa.Column("leased", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_lanes_ready", "lanes", ["coalition", "ready"])
