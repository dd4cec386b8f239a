"""Taking a person out of the audit trail: what was done stays, who they were goes."""

import json

from sqlalchemy import Connection, delete, or_, select, update

from bot.coalition import ids
from storage import indexing, schema
from storage.interrupted import SqlInterrupted
from storage.listed import SqlListed
from storage.outbox import SqlOutbox


def forget(connection: Connection, coalition: int, member: str, outbox: SqlOutbox, interrupted: SqlInterrupted, listed: SqlListed) -> None:
    """Erase the values of a member's personal fields and of those of records that name them, every account that was ever linked to
    them, what they asked on platforms, the lists they looked at, the forms they were filling in, their codes and their calendar
    address; letters to them go no further."""
    audit, own, done = schema.audit, schema.audit_personal, schema.transactions
    name = json.dumps(member)
    accounts = _accounts(connection, coalition, name)
    naming_them = select(schema.links.c.record).where(schema.links.c.coalition == coalition, schema.links.c.target == member)
    named_them = select(audit.c.record).where(audit.c.coalition == coalition, or_(audit.c.old == name, audit.c.new == name))
    kept_apart = select(audit.c.record).join(own, own.c.audit == audit.c.id)
    kept_apart = kept_apart.where(audit.c.coalition == coalition, or_(own.c.old == name, own.c.new == name))
    records = or_(*(audit.c.record.in_(some) for some in (accounts, naming_them, named_them, kept_apart)))
    about = select(audit.c.id).where(audit.c.coalition == coalition, or_(audit.c.root == member, records))
    pointing = select(audit.c.id).where(
        audit.c.coalition == coalition, own.c.audit == audit.c.id, or_(own.c.old == name, own.c.new == name)
    )
    connection.execute(delete(own).where(or_(own.c.audit.in_(about), own.c.audit.in_(pointing.correlate(own)))))
    connection.execute(delete(audit).where(audit.c.coalition == coalition, audit.c.record.in_(accounts)))
    outbox.forget(member, accounts)
    interrupted.forget(accounts)
    listed.forget(accounts)
    connection.execute(
        delete(schema.interviews).where(schema.interviews.c.coalition == coalition, schema.interviews.c.account.in_(accounts))
    )
    feed = schema.feeds.c
    connection.execute(delete(schema.feeds).where(feed.coalition == coalition, feed.member == member))
    codes, wrong = schema.codes.c, schema.wrong_codes.c
    connection.execute(delete(schema.codes).where(codes.coalition == coalition, codes.member == member))
    connection.execute(delete(schema.wrong_codes).where(wrong.coalition == coalition, wrong.account.in_(accounts)))
    by_them = or_(done.c.member == member, done.c.account.in_(accounts))
    connection.execute(update(done).where(done.c.coalition == coalition, by_them).values(account=f"forgotten:{member}"))
    indexing.erase(connection)


def _accounts(connection: Connection, coalition: int, name: str) -> list[str]:
    """Every account that was once linked to the member whose id this is, as the trail writes it."""
    audit, own = schema.audit.c, schema.audit_personal.c
    query = select(audit.record).distinct().join(schema.audit_personal, own.audit == audit.id)
    query = query.where(audit.coalition == coalition, audit.field == "member", or_(own.old == name, own.new == name))
    return [record for record in connection.scalars(query) if not ids.letter(record)]
