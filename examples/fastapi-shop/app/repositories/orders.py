from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.models import Order, OrderStatus
from app.repositories.base import Repository


class OrderRepository(Repository[Order]):
    model = Order

    def of_customer(
        self, customer_id: int, *, placed_before: datetime, offset: int, limit: int
    ) -> Sequence[Order]:
        statement = (
            select(Order)
            .options(selectinload(Order.lines))
            .where(Order.customer_id == customer_id, Order.placed_at < placed_before)
            .order_by(Order.placed_at.desc(), Order.id.desc())
        )
        return self._list(statement, offset=offset, limit=limit)

    def open_between(self, start: datetime, end: datetime) -> Sequence[Order]:
        """Orders that were placed in [start, end) and are not cancelled."""
        return self.session.scalars(
            select(Order)
            .where(Order.placed_at >= start, Order.placed_at < end)
            .where(Order.cancelled_at is None)
            .order_by(Order.id)
        ).all()

    def revenue_since(self, since: datetime) -> tuple[int, Decimal]:
        count, revenue = self.session.execute(
            select(func.count(Order.id), func.coalesce(func.sum(Order.total_amount), 0)).where(
                Order.placed_at >= since,
                Order.status.in_([OrderStatus.PAID, OrderStatus.SHIPPED]),
                Order.cancelled_at.is_(None),
            )
        ).one()
        return count, Decimal(revenue)
