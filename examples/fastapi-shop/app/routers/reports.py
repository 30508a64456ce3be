"""Reports for the back office. Behind SHOP_REPORTS_ENABLED until the office has tried them."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy.orm import Session

from app.dependencies import get_session, require_role
from app.models import Role
from app.repositories import OrderRepository
from app.schemas import SalesReport

router = APIRouter(prefix="/reports", tags=["reports"], dependencies=[Depends(require_role(Role.ADMIN))])


@router.get("/sales", response_model=SalesReport)
def sales(session: Annotated[Session, Depends(get_session())], since: Annotated[datetime, Query()]):
    """Paid orders and their revenue since a moment."""
    count, revenue = OrderRepository(session).revenue_since(since)
    return SalesReport(since=since, orders=count, revenue=revenue)
