"""What the routers inject. Routers import from here, not from app.db."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException, Query, Request, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.orm import Session

from app import cache
from app.db import get_session
from app.models import Customer, Role

__all__ = ["CustomerDep", "Page", "PageDep", "RateLimiter", "SessionDep", "get_session", "require_role"]

bearer = HTTPBearer()

type SessionKey = str


@dataclass(frozen=True)
class Page:
    offset: int
    limit: int


class RateLimiter:
    """Allows `times` requests per window and client address."""

    def __init__(self, times: int, window_seconds: int = 60) -> None:
        self.times = times
        self.window_seconds = window_seconds

    def __call__(self, request: Request) -> None:
        address = request.client.host if request.client else "unknown"
        if cache.count_hit(f"rate:{request.url.path}:{address}", self.window_seconds) > self.times:
            raise HTTPException(status.HTTP_429_TOO_MANY_REQUESTS, detail="too many requests")


def session_key(token: str) -> SessionKey:
    return f"session:{token}"


SessionDep = Annotated[Session, Depends(get_session)]


def get_current_customer(
    session: SessionDep,
    credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)],
) -> Customer:
    customer_id = cache.client.get(session_key(credentials.credentials))
    customer = session.get(Customer, int(customer_id)) if customer_id else None
    if customer is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, detail="sign in first")
    return customer


CustomerDep = Annotated[Customer, Depends(get_current_customer)]


def require_role(role: Role) -> Callable[[Customer], Customer]:
    """A dependency that lets only customers with this role pass."""

    def check_role(customer: CustomerDep) -> Customer:
        if customer.role is not role:
            raise HTTPException(status.HTTP_403_FORBIDDEN, detail=f"needs the role {role.value}")
        return customer

    return check_role


def get_page(
    offset: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page:
    return Page(offset=offset, limit=limit)


PageDep = Annotated[Page, Depends(get_page)]
