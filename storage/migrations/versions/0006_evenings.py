"""Projects that move, proposals by the rules of their year, agendas that are run, tasks, sign-posts and calendar feeds."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    _projects()
    _sessions()
    _slots()
    _items()
    _suggestions()
    _confirmations()
    _tasks()
    _minutes()
    _sign_posts()
    _feeds()
    _links()
    _spellings()
    _reports()


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def _projects() -> None:
    with op.batch_alter_table("projects") as table:
        table.add_column(_text("outcome"))
        table.add_column(sa.Column("continues", sa.Text()))
        table.add_column(sa.Column("heir", sa.Text()))
        table.add_column(_text("handover"))
        table.create_foreign_key(
            "fk_projects_continues", "projects", ["coalition", "continues"], ["coalition", "id"], deferrable=True, initially="DEFERRED"
        )
        table.create_foreign_key("fk_projects_heir", "members", ["coalition", "heir"], ["coalition", "id"])
    op.create_table(
        "voices",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("view", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.UniqueConstraint("coalition", "uid"),
        sa.ForeignKeyConstraint(["coalition", "member"], ["members.coalition", "members.id"]),
        sa.ForeignKeyConstraint(["coalition", "project"], ["projects.coalition", "projects.id"]),
    )
    op.create_index("ix_voices_project", "voices", ["coalition", "project"])


def _sessions() -> None:
    with op.batch_alter_table("sessions") as table:
        for name in ("builds_on", "format_note", "diversity", "hybrid", "additional", "rule_set", "asked", "reason", "join"):
            table.add_column(_text(name))
        for name in ("sdgs", "tags"):
            table.add_column(_text(name, "[]"))
        for name in ("merged_into", "copied_from"):
            table.add_column(sa.Column(name, sa.Text()))
            table.create_foreign_key(
                f"fk_sessions_{name}", "sessions", ["coalition", name], ["coalition", "id"], deferrable=True, initially="DEFERRED"
            )
    op.create_table(
        "entries",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.UniqueConstraint("coalition", "uid"),
        sa.ForeignKeyConstraint(["coalition", "session"], ["sessions.coalition", "sessions.id"]),
    )
    op.create_index("ix_entries_session", "entries", ["coalition", "session"])
    op.create_table(
        "rule_sets",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("added", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.UniqueConstraint("coalition", "uid"),
    )


def _slots() -> None:
    op.add_column("role_slots", sa.Column("invited", sa.DateTime(timezone=True)))
    op.add_column("role_slots", _text("answer"))


def _items() -> None:
    with op.batch_alter_table("agenda_items") as table:
        table.add_column(sa.Column("buffer", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("carried_from", sa.Text()))
        table.add_column(sa.Column("began", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("ended", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("extra", sa.Integer(), nullable=False, server_default="0"))
        table.create_foreign_key(
            "fk_agenda_items_carried_from", "agenda_items", ["coalition", "carried_from"], ["coalition", "id"],
            deferrable=True, initially="DEFERRED",
        )  # fmt: skip


def _suggestions() -> None:
    op.create_table(
        "suggestions",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("by", sa.Text()),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer()),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("moderator", sa.Text()),
        sa.Column("points", sa.Text(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.UniqueConstraint("coalition", "uid"),
        sa.ForeignKeyConstraint(["coalition", "session"], ["sessions.coalition", "sessions.id"]),
    )
    op.create_index("ix_suggestions_session", "suggestions", ["coalition", "session"])


def _confirmations() -> None:
    """What speakers answered about agenda items."""
    op.create_table(
        "confirmations",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("begins", sa.DateTime(timezone=True)),
        sa.Column("minutes", sa.Integer()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.UniqueConstraint("coalition", "uid"),
        sa.ForeignKeyConstraint(["coalition", "item"], ["agenda_items.coalition", "agenda_items.id"]),
    )
    op.create_index("ix_confirmations_item", "confirmations", ["coalition", "item"])


def _tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text()),
        sa.Column("due", sa.Date()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("session", sa.Text()),
        sa.Column("item", sa.Text()),
        sa.Column("maker", sa.Text()),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.Date()),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.UniqueConstraint("coalition", "uid"),
        sa.ForeignKeyConstraint(["coalition", "item"], ["agenda_items.coalition", "agenda_items.id"]),
        sa.ForeignKeyConstraint(["coalition", "session"], ["sessions.coalition", "sessions.id"]),
    )
    op.create_index("ix_tasks_owner", "tasks", ["coalition", "owner"])
    op.create_index("ix_tasks_session", "tasks", ["coalition", "session"])
    op.create_index("ix_tasks_state_due", "tasks", ["coalition", "state", "due"])


def _minutes() -> None:
    """Run sheets, and the lines of minutes."""
    op.create_table(
        "run_sheets",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("item", sa.Text()),
        sa.Column("began", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True)),
        sa.Column("by", sa.Text()),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.UniqueConstraint("coalition", "uid"),
        sa.ForeignKeyConstraint(["coalition", "item"], ["agenda_items.coalition", "agenda_items.id"]),
        sa.ForeignKeyConstraint(["coalition", "session"], ["sessions.coalition", "sessions.id"]),
    )
    op.create_index("ix_run_sheets_session", "run_sheets", ["coalition", "session"])
    op.create_table(
        "minutes",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("item", sa.Text()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("task", sa.Text()),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.UniqueConstraint("coalition", "uid"),
        sa.ForeignKeyConstraint(["coalition", "item"], ["agenda_items.coalition", "agenda_items.id"]),
        sa.ForeignKeyConstraint(["coalition", "session"], ["sessions.coalition", "sessions.id"]),
        sa.ForeignKeyConstraint(["coalition", "task"], ["tasks.coalition", "tasks.id"]),
    )
    op.create_index("ix_minutes_session", "minutes", ["coalition", "session"])


def _sign_posts() -> None:
    op.create_table(
        "sign_posts",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("cycle", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("organiser", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("start", sa.DateTime(timezone=True)),
        sa.Column("minutes", sa.Integer()),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("representative", sa.Text()),
        sa.Column("feedback", sa.Text(), nullable=False),
        sa.Column("by", sa.Text()),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.UniqueConstraint("coalition", "uid"),
        sa.ForeignKeyConstraint(["coalition", "by"], ["members.coalition", "members.id"]),
        sa.ForeignKeyConstraint(["coalition", "cycle"], ["cycles.coalition", "cycles.id"]),
        sa.ForeignKeyConstraint(["coalition", "representative"], ["members.coalition", "members.id"]),
    )
    op.create_index("ix_sign_posts_cycle", "sign_posts", ["coalition", "cycle"])
    op.create_index("ix_sign_posts_start", "sign_posts", ["coalition", "start"])


def _feeds() -> None:
    """The private addresses of calendars."""
    op.create_table(
        "feeds",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("member", sa.Text(), primary_key=True),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("mine", sa.Boolean(), nullable=False),
        sa.Column("alarm", sa.Integer()),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_feeds_hash", "feeds", ["hash"])


def _spellings() -> None:
    """Which names and organisations a chair said are not the same; and whose a name is, found at once."""
    for table in ("organisations", "published_names"):
        op.add_column(table, _text("different", "[]"))
    op.create_index("ix_published_names_member", "published_names", ["coalition", "member"])


def _reports() -> None:
    """When a report was filed, and its fields as records of their own."""
    op.add_column("reports", sa.Column("filed", sa.Date()))
    op.add_column("reports", _text("link"))
    op.create_table(
        "passages",
        sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.UniqueConstraint("coalition", "uid"),
        sa.ForeignKeyConstraint(["coalition", "session"], ["sessions.coalition", "sessions.id"]),
        sa.ForeignKeyConstraint(["coalition", "report"], ["reports.coalition", "reports.id"]),
    )
    op.create_index("ix_passages_report", "passages", ["coalition", "report"])


def _links() -> None:
    """An index that holds all of a row: without it SQLite reads the primary key from end to end."""
    op.drop_index("ix_links_target", "links")
    op.create_index("ix_links_target", "links", ["coalition", "target", "field", "record"])
