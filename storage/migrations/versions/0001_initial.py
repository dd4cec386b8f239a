"""The first tables: what is kept of the coalition, who changed it, and who points at whom."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _tables_of_the_store()
    _tables_of_records()


def _tables_of_the_store() -> None:
    op.create_table("deployments", _integer("id"), _instant("created"), sa.PrimaryKeyConstraint("id"))
    op.create_table("counters", _coalition(), _text("name"), _integer("last"), sa.PrimaryKeyConstraint("coalition", "name"))
    op.create_table("events", _coalition(), _text("key"), _instant("at"), sa.PrimaryKeyConstraint("coalition", "key"))
    op.create_table(
        "interviews",
        _coalition(), _text("account"), _text("platform"), _text("room"), _text("thread"), _text("line"), _text("values"),
        _text("asked"), _boolean("reviewing"), _instant("at"),
        sa.PrimaryKeyConstraint("coalition", "account", "platform", "room", "thread"),
    )  # fmt: skip
    op.create_table(
        "links",
        _coalition(), _text("record"), _text("field"), _text("target"),
        sa.PrimaryKeyConstraint("coalition", "record", "field", "target"),
    )  # fmt: skip
    op.create_index("ix_links_target", "links", ["coalition", "target", "field"])
    op.create_table(
        "transactions",
        _coalition(), _integer("id"), _instant("at"), _text("account"), _text("member", null=True), _text("what"),
        _boolean("undoable"), _integer("undoes", null=True), sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["undoes"], ["transactions.id"]),
    )  # fmt: skip
    op.create_index("ix_transactions_account", "transactions", ["coalition", "account", "id"])
    op.create_index("ix_transactions_member", "transactions", ["coalition", "member", "id"])
    op.create_table(
        "audit",
        _coalition(), _integer("id"), _integer("transaction"), _text("root"), _text("record"), _text("field"),
        _text("old", null=True), _text("new", null=True), _boolean("personal", server_default=sa.false()),
        sa.PrimaryKeyConstraint("id"), sa.ForeignKeyConstraint(["transaction"], ["transactions.id"]),
    )  # fmt: skip
    op.create_index("ix_audit_root", "audit", ["coalition", "root", "id"])
    op.create_index("ix_audit_transaction", "audit", ["transaction"])
    op.create_table(
        "audit_personal",
        _integer("audit"), _text("old", null=True), _text("new", null=True), sa.PrimaryKeyConstraint("audit"),
        sa.ForeignKeyConstraint(["audit"], ["audit.id"]),
    )  # fmt: skip


def _tables_of_records() -> None:
    _record(
        "coalitions",
        _text("name"), _text("aliases"), _text("aims"), _text("objectives"), _integer("formed", null=True),
        _text("representatives"), _text("mailing_list"), _text("archive"), _text("page"), _text("source"),
    )  # fmt: skip
    _record("rooms", _text("purpose"), _text("platform"), _text("room"), _text("name"))
    _record(
        "cycles",
        _integer("number", null=True), _text("city"), _text("country"), _date("day_zero", null=True), _date("start", null=True),
        _date("end", null=True), _text("zone"), _text("themes"), _text("rule_set"), _text("state"), _text("title"),
        _text("source"),
    )  # fmt: skip
    op.create_index("ix_cycles_state", "cycles", ["coalition", "state"])
    _record("organisations", _text("name"), _text("aliases"), _text("site"), _text("country"), _text("notes"), _text("source"))
    op.create_index("ix_organisations_name", "organisations", ["coalition", "name"])
    _record(
        "members",
        _text("name"), _text("aliases"), _text("organisations"), _text("group"), _text("region"), _text("country"),
        _text("languages"), _text("zone"), _text("expertise"), _text("gender"), _boolean("onsite", null=True), _text("email"),
        _boolean("chair"), _text("visibility"), _text("state"), _date("joined", null=True), _text("refusal"),
        _date("away_until", null=True), _text("quiet"), _text("source"),
    )  # fmt: skip
    op.create_index("ix_members_chair", "members", ["coalition", "chair"])
    op.create_index("ix_members_name", "members", ["coalition", "name"])
    op.create_index("ix_members_state_visibility_name", "members", ["coalition", "state", "visibility", "name"])
    _record("accounts", _text("member"), _link("member", "members"))
    op.create_index("ix_accounts_member", "accounts", ["coalition", "member"])
    _record(
        "published_names",
        _text("name"), _text("aliases"), _text("organisations"), _text("member", null=True), _text("claim"), _text("source"),
        _link("member", "members"),
    )  # fmt: skip
    op.create_index("ix_published_names_name", "published_names", ["coalition", "name"])
    _record(
        "deadlines",
        _text("cycle"), _text("kind"), _text("title"), _text("announcements"), _text("owner", null=True),
        _text("backup", null=True), _instant("at", null=True), _instant("done", null=True), _text("source"),
        _link("backup", "members"), _link("cycle", "cycles"), _link("owner", "members"),
    )  # fmt: skip
    op.create_index("ix_deadlines_at", "deadlines", ["coalition", "at"])
    op.create_index("ix_deadlines_cycle_at", "deadlines", ["coalition", "cycle", "at"])
    _record(
        "projects",
        _text("cycle"), _text("title"), _text("summary"), _text("leads"), _text("helpers"), _text("tags"), _text("links"),
        _text("state"), _text("source"), _link("cycle", "cycles"),
    )  # fmt: skip
    op.create_index("ix_projects_cycle_state", "projects", ["coalition", "cycle", "state"])
    _record(
        "milestones",
        _text("project"), _text("title"), _date("due", null=True), _date("done", null=True), _text("evidence"),
        _link("project", "projects"),
    )  # fmt: skip
    op.create_index("ix_milestones_project", "milestones", ["coalition", "project"])
    _record(
        "updates",
        _text("project"), _instant("at"), _text("by", null=True), _text("health"), _text("line"), _link("by", "members"),
        _link("project", "projects"),
    )  # fmt: skip
    op.create_index("ix_updates_project_at", "updates", ["coalition", "project", "at"])
    _record(
        "programmes",
        _text("organisation"), _text("area"), _text("name"), _text("website"), _text("summary"), _text("countries"),
        _date("checked", null=True), _text("source"), _link("organisation", "organisations"),
    )  # fmt: skip
    op.create_index("ix_programmes_organisation", "programmes", ["coalition", "organisation"])
    _record(
        "sessions",
        _text("cycle"), _text("title"), _text("kind"), _text("number"), _text("themes"), _text("theme_question"),
        _text("policy_questions"), _text("description"), _text("gain"), _text("format"), _integer("minutes", null=True),
        _text("organisers"), _text("organiser_note"), _boolean("organised_before", null=True), _text("earlier"),
        _text("background"), _text("link"), _text("editors"), _text("state"), _date("day", null=True),
        _instant("start", null=True), _text("zone"), _text("time_as_written"), _text("room"), _text("submitted"), _text("source"),
        _link("cycle", "cycles"),
    )  # fmt: skip
    op.create_index("ix_sessions_cycle_state", "sessions", ["coalition", "cycle", "state"])
    op.create_index("ix_sessions_start", "sessions", ["coalition", "start"])
    op.create_index("ix_sessions_state", "sessions", ["coalition", "state"])
    _record(
        "role_slots",
        _text("session"), _text("role"), _text("person", null=True), _text("label"), _text("affiliation"), _text("group"),
        _text("region"), _boolean("onsite", null=True), _text("state"), _text("note"), _text("source"),
        _link("session", "sessions"),
    )  # fmt: skip
    op.create_index("ix_role_slots_person", "role_slots", ["coalition", "person"])
    op.create_index("ix_role_slots_session", "role_slots", ["coalition", "session"])
    _record(
        "reports",
        _text("session"), _text("template"), _text("answers"), _text("reporter", null=True), _text("source"),
        _link("session", "sessions"),
    )  # fmt: skip
    op.create_index("ix_reports_session", "reports", ["coalition", "session"])
    _record("agenda_parts", _text("session"), _integer("number"), _text("title"), _text("source"), _link("session", "sessions"))
    op.create_index("ix_agenda_parts_session", "agenda_parts", ["coalition", "session"])
    _record(
        "agenda_items",
        _text("session"), _integer("part"), _integer("position"), _text("title"), _integer("minutes", null=True), _text("who"),
        _text("moderator", null=True), _text("points"), _text("state"), _text("suggested_by", null=True), _text("source"),
        _link("session", "sessions"),
    )  # fmt: skip
    op.create_index("ix_agenda_items_session_part_position", "agenda_items", ["coalition", "session", "part", "position"])


def _record(name: str, *parts: sa.schema.SchemaItem) -> None:
    """A table of records, with what all of them have."""
    own = [_text("id"), _integer("seq"), _text("uid"), sa.PrimaryKeyConstraint("coalition", "id"), sa.UniqueConstraint("coalition", "uid")]
    op.create_table(name, _coalition(), *own, *parts)


def _link(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["coalition", column], [f"{table}.coalition", f"{table}.id"])


def _coalition() -> sa.Column[Any]:
    return sa.Column("coalition", sa.Integer(), sa.ForeignKey("deployments.id"), nullable=False)


def _text(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=null)


def _integer(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=null)


def _boolean(name: str, *, null: bool = False, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=null, **more)


def _date(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=null)


def _instant(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)
