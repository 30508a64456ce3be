from decimal import Decimal

import pytest

from app.errors import OutOfStockError
from app.models import OrderStatus
from app.schemas import OrderLineIn
from app.services import orders
from app.services.orders import OrderService


class RecordingCache:
    def __init__(self) -> None:
        self.deleted: list[str] = []

    def delete(self, *keys: str) -> int:
        self.deleted.extend(keys)
        return len(keys)


@pytest.fixture(autouse=True)
def recording_cache(monkeypatch: pytest.MonkeyPatch) -> RecordingCache:
    recording = RecordingCache()
    monkeypatch.setattr(orders.cache, "client", recording)
    return recording


def test_place_reserves_stock_and_forgets_the_cached_stock(session, customer, coffee, recording_cache):
    order = OrderService(session).place(customer, [OrderLineIn(product_id=coffee.id, quantity=2)], None)

    assert order.total_amount == Decimal("25.00")
    assert coffee.stock == 1
    assert recording_cache.deleted == [f"stock:{coffee.id}"]


def test_place_refuses_more_than_the_stock(session, customer, coffee):
    with pytest.raises(OutOfStockError, match="3 left"):
        OrderService(session).place(customer, [OrderLineIn(product_id=coffee.id, quantity=4)], None)


def test_cancel_puts_the_stock_back(session, customer, coffee):
    service = OrderService(session)
    order = service.place(customer, [OrderLineIn(product_id=coffee.id, quantity=2)], None)

    cancelled = service.cancel(customer, order.id)

    assert cancelled.status is OrderStatus.CANCELLED
    assert coffee.stock == 3
