"""The tables that are no records: who changed what, which numbers were given, which events were answered, who points at whom."""

from sqlalchemy import DDL, Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, event, false

from storage.kept import Instant, Json, metadata

deployments = Table("deployments", metadata, Column("id", Integer, primary_key=True), Column("created", Instant, nullable=False))
"""The coalitions of this store: every record belongs to one."""

counters = Table(
    "counters",
    metadata,
    Column("coalition", Integer, ForeignKey("deployments.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("last", Integer, nullable=False),
)
"""The last number given for `P`, or for the milestones of `P3` (`P3.m`): numbers are never given twice."""

transactions = Table(
    "transactions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("coalition", Integer, ForeignKey("deployments.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("account", Text, nullable=False),
    Column("member", Text),
    Column("what", Text, nullable=False),
    Column("undoable", Boolean, nullable=False),
    Column("undoes", Integer, ForeignKey("transactions.id")),
    Column("key", Text, nullable=False, server_default=""),
    Index("ix_transactions_member", "coalition", "member", "id"),
    Index("ix_transactions_account", "coalition", "account", "id"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("transaction", Integer, ForeignKey("transactions.id"), nullable=False, index=True),
    Column("coalition", Integer, ForeignKey("deployments.id"), nullable=False),
    Column("root", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("old", Text),
    Column("new", Text),
    Column("personal", Boolean, nullable=False, server_default=false()),
    Index("ix_audit_root", "coalition", "root", "id"),
)
"""One row a changed field; `root` is the record whose history shows it (a milestone's project). A personal field by name only."""

audit_personal = Table(
    "audit_personal",
    metadata,
    Column("audit", Integer, ForeignKey("audit.id"), primary_key=True),
    Column("old", Text),
    Column("new", Text),
)
"""The values of personal fields, for the member's own eyes and for undo; forgetting a member deletes them."""

links = Table(
    "links",
    metadata,
    Column("coalition", Integer, ForeignKey("deployments.id"), primary_key=True),
    Column("record", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("target", Text, primary_key=True),
    Index("ix_links_target", "coalition", "target", "field", "record"),  # All of a row: else SQLite reads the primary key through.
)
"""Who points at whom, for every reference of every record, lists included."""

events = Table(
    "events",
    metadata,
    Column("coalition", Integer, ForeignKey("deployments.id"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("at", Instant, nullable=False),
)
"""The platform events that were answered."""

interviews = Table(
    "interviews",
    metadata,
    Column("coalition", Integer, ForeignKey("deployments.id"), primary_key=True),
    Column("account", Text, primary_key=True),
    Column("platform", Text, primary_key=True),
    Column("room", Text, primary_key=True),
    Column("thread", Text, primary_key=True),
    Column("line", Text, nullable=False),
    Column("values", Text, nullable=False),
    Column("asked", Text, nullable=False),
    Column("reviewing", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Column("writing", Boolean, nullable=False, server_default=false()),
    Column("sent", Text, nullable=False, server_default=""),
)
"""Forms that people are filling in: one for a person in one place and thread, `values` as a JSON object of texts. `sent` is the event by
which it was confirmed: once that is among the events that were answered, the form is done."""

arrivals = Table(
    "arrivals",
    metadata,
    Column("coalition", Integer, ForeignKey("deployments.id"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("room", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("line", Text, nullable=False),
    Column("values", Json(dict[str, str]), nullable=False),
    Column("at", Instant, nullable=False),
    Column("holder", Text),
    Column("until", Instant),
    Column("code", Text),
)
_UNTIL = DDL("CREATE INDEX ix_arrivals_until ON arrivals (coalition, until) WHERE until IS NOT NULL")  # type: ignore[no-untyped-call]
event.listen(arrivals, "after_create", _UNTIL)  # An Index would load both engines' dialects for its condition.
"""What was asked on platforms: in flight while `holder` has it `until`, or told of by its `code`, and kept `until`. Of what is settled
the key alone, so that a redelivered event is known."""

timetable = Table(
    "timetable",
    metadata,
    Column("coalition", Integer, ForeignKey("deployments.id"), primary_key=True),
    Column("record", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("since", Instant),
    Index("ix_timetable_at", "coalition", "at"),
)
"""When each rule, and each postponed occurrence, is looked at next; derived from the records, so no export holds it."""

beats = Table(
    "beats",
    metadata,
    Column("coalition", Integer, ForeignKey("deployments.id"), primary_key=True),
    Column("process", Text, primary_key=True),
    Column("at", Instant, nullable=False),
)
"""When the timekeeper of each process was last at work."""

letters = Table(
    "letters",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("coalition", Integer, ForeignKey("deployments.id"), nullable=False),
    Column("key", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("room", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("what", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("member", Text),
    Column("transaction", Integer, ForeignKey("transactions.id")),
    Column("made", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("doubtful", Boolean, nullable=False),
    Column("tried", Json(tuple[str, ...]), nullable=False),
    Column("error", Text, nullable=False),
    Column("sent", Instant),
    Column("due", Instant),
    UniqueConstraint("coalition", "key"),
    Index("ix_letters_lane", "coalition", "lane", "state", "id"),
    Index("ix_letters_state", "coalition", "state", "made"),
    Index("ix_letters_about", "coalition", "about"),
    Index("ix_letters_transaction", "transaction"),
)
"""What the bot has to send. `transaction` is the audited one that posted it, so that undo can take it back; `due` until when it is held."""

cards = Table(
    "cards",
    metadata,
    Column("coalition", Integer, ForeignKey("deployments.id"), primary_key=True),
    Column("record", Text, primary_key=True),
    Column("platform", Text, primary_key=True),
    Column("room", Text, primary_key=True),
    Column("reference", Text, nullable=False),
    Column("shown", Text, nullable=False, server_default=""),
    Index("ix_cards_thread", "coalition", "platform", "room", "reference"),
)
"""Where the card of a project or session stands: the platform's id of its message, and by a digest what that says; "" while a letter to
change it is on its way, and after one that may have arrived."""

lanes = Table(
    "lanes",
    metadata,
    Column("coalition", Integer, ForeignKey("deployments.id"), primary_key=True),
    Column("lane", Text, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("ready", Instant),
    Column("holder", Text),
    Column("leased", Instant),
    Index("ix_lanes_ready", "coalition", "ready"),
)
"""The line of letters to one place: from when its next letter may be sent (None: none waits), and which courier holds it until when."""

codes = Table(
    "codes",
    metadata,
    Column("coalition", Integer, ForeignKey("deployments.id"), primary_key=True),
    Column("account", Text, primary_key=True),
    Column("hash", Text, nullable=False),
    Column("member", Text, nullable=False),
    Column("until", Instant, nullable=False),
)
"""The code that an account was given last, by which another account becomes its member's too; as a hash."""

wrong_codes = Table(
    "wrong_codes",
    metadata,
    Column("coalition", Integer, ForeignKey("deployments.id"), primary_key=True),
    Column("account", Text, primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("since", Instant, nullable=False),
)
"""How many wrong codes an account has tried, and since when."""

lists = Table(
    "lists",
    metadata,
    Column("coalition", Integer, ForeignKey("deployments.id"), primary_key=True),
    Column("account", Text, primary_key=True),
    Column("platform", Text, primary_key=True),
    Column("room", Text, primary_key=True),
    Column("thread", Text, primary_key=True),
    Column("line", Text, nullable=False),
    Column("at", Instant, nullable=False),
)
"""What `more` stands for: the line that shows what follows on the list that a person saw last in one place and thread."""

notes = Table(
    "notes",
    metadata,
    Column("coalition", Integer, ForeignKey("deployments.id"), primary_key=True),
    Column("platform", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""What adapters keep over a restart, such as how far they have read."""

feeds = Table(
    "feeds",
    metadata,
    Column("coalition", Integer, ForeignKey("deployments.id"), primary_key=True),
    Column("member", Text, primary_key=True),
    Column("hash", Text, nullable=False),
    Column("mine", Boolean, nullable=False),
    Column("alarm", Integer),
    Column("made", Instant, nullable=False),
    Index("ix_feeds_hash", "hash"),
)
"""The private calendar addresses of members, by the hash of what is secret in them: one for a member. `mine`: only what concerns them;
`alarm` in minutes before, None for none."""
