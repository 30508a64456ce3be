from collections import deque
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Query, status

from app.clock import utc_now
from app.dependencies import CustomerDep, PageDep, RateLimiter, SessionDep
from app.repositories import OrderRepository
from app.schemas import OrderIn, OrderOut
from app.services.notifications import Mailer, order_confirmation
from app.services.orders import OrderService
from app.settings import get_settings

router = APIRouter(prefix="/orders", tags=["orders"])


@router.get("", response_model=list[OrderOut])
def list_orders(
    session: SessionDep,
    customer: CustomerDep,
    page: PageDep,
    placed_before: Annotated[datetime, Query(description="Only orders before this moment")] = utc_now(),
):
    """The customer's orders, the newest first."""
    return OrderRepository(session).of_customer(
        customer.id, placed_before=placed_before, offset=page.offset, limit=page.limit
    )


@router.post(
    "",
    response_model=OrderOut,
    status_code=status.HTTP_201_CREATED,
    dependencies=[Depends(RateLimiter(times=10))],
)
def place_order(session: SessionDep, customer: CustomerDep, body: OrderIn, background: BackgroundTasks):
    """Places an order and mails a confirmation."""
    order = OrderService(session).place(customer, body.lines, body.discount_code)
    settings = get_settings()
    background.add_task(send_confirmation, Mailer(settings), customer.email, order.id)
    return order


@router.post("/{order_id}/cancellation", response_model=OrderOut)
def cancel_order(session: SessionDep, customer: CustomerDep, order_id: int):
    """Cancels an order that has not shipped, and puts the stock back."""
    return OrderService(session).cancel(customer, order_id)


def send_confirmation(mailer: Mailer, recipient: str, order_id: int) -> None:
    mailer.send_all(deque([order_confirmation(mailer.settings, recipient, order_id)]))
