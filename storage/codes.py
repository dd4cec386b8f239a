"""The codes that join accounts; see `bot.coalition.codes.Codes`."""

from datetime import datetime

from sqlalchemy import Connection, and_, case, delete, select

from bot.coalition.codes import KEPT, PAUSE, Code
from bot.request import Account
from storage.database import insert_into
from storage.schema import codes, wrong_codes

_code, _wrong = codes.c, wrong_codes.c


class SqlCodes:
    """The codes of one coalition inside one transaction."""

    def __init__(self, connection: Connection, coalition: int) -> None:
        self._connection = connection
        self._coalition = coalition

    def give(self, code: Code, now: datetime) -> None:
        """Keep a code in place of the one that its account had; those that are long over go."""
        mine = and_(_code.coalition == self._coalition, (_code.account == str(code.account)) | (_code.until < now - KEPT))
        self._connection.execute(delete(codes).where(mine))
        row = {"coalition": self._coalition, "account": str(code.account), "hash": code.hash, "member": code.member, "until": code.until}
        self._connection.execute(codes.insert().values(row))

    def find(self, hashed: str) -> Code | None:
        """The code with this hash, also one that is over."""
        row = self._connection.execute(select(codes).where(_code.coalition == self._coalition, _code.hash == hashed)).one_or_none()
        return Code(Account.parse(row.account), row.hash, row.member, row.until) if row else None

    def use(self, code: Code) -> bool:
        """Take a code away; False when somebody was quicker."""
        mine = delete(codes).where(_code.coalition == self._coalition, _code.hash == code.hash)
        return self._connection.execute(mine).rowcount == 1

    def tries(self, account: Account, now: datetime) -> int:
        """How many wrong codes an account has tried of late."""
        recent = select(_wrong.tries).where(_wrong.coalition == self._coalition, _wrong.account == str(account), _wrong.since > now - PAUSE)
        return self._connection.scalar(recent) or 0

    def wrong(self, account: Account, now: datetime) -> None:
        """Note a wrong code."""
        row = {"coalition": self._coalition, "account": str(account), "tries": 1, "since": now}
        late = _wrong.since <= now - PAUSE
        query = insert_into(self._connection.dialect.name, wrong_codes).values(row)
        query = query.on_conflict_do_update(
            index_elements=["coalition", "account"],
            set_={"tries": case((late, 1), else_=_wrong.tries + 1), "since": case((late, query.excluded.since), else_=_wrong.since)},
        )
        self._connection.execute(query)
