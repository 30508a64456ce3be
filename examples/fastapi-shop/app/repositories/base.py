from collections.abc import Sequence

from sqlalchemy import Select
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.models import Base


class Repository[ModelT: Base]:
    """Reads and adds rows of one model. Repositories never commit: the service that owns the request does."""

    model: type[ModelT]

    def __init__(self, session: Session) -> None:
        self.session = session

    def get(self, identifier: int) -> ModelT:
        found = self.session.get(self.model, identifier)
        if found is None:
            raise NotFoundError(f"no {self.model.__name__.lower()} with id {identifier}")
        return found

    def add(self, row: ModelT) -> ModelT:
        self.session.add(row)
        self.session.flush()
        return row

    def _list(self, statement: Select[tuple[ModelT]], *, offset: int, limit: int) -> Sequence[ModelT]:
        return self.session.scalars(statement.offset(offset).limit(limit)).all()
