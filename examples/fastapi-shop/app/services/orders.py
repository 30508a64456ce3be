import logging
from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from app import cache
from app.cache import CacheError
from app.clock import utc_now
from app.errors import NotFoundError, OrderStateError, OutOfStockError, UnknownDiscountError
from app.models import Customer, Order, OrderLine, OrderStatus
from app.repositories import DiscountRepository, OrderRepository, ProductRepository
from app.schemas import OrderLineIn
from app.services.pricing import discount_for, subtotal_of

logger = logging.getLogger(__name__)


class OrderService:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.orders = OrderRepository(session)
        self.products = ProductRepository(session)
        self.discounts = DiscountRepository(session)

    def place(self, customer: Customer, wanted: Sequence[OrderLineIn], discount_code: str | None) -> Order:
        """Reserves the stock and stores the order in one transaction."""
        lines = self._reserve(wanted)
        total = subtotal_of(lines)
        if discount_code is not None:
            rule = self.discounts.valid(discount_code)
            if rule is None:
                raise UnknownDiscountError(f"the code {discount_code} is unknown or has expired")
            total -= discount_for(rule, total, sum(line.quantity for line in lines))

        order = self.orders.add(Order(customer=customer, lines=lines, total_amount=total))
        self.session.commit()
        logger.info("order placed", extra={"order_id": order.id, "customer_id": customer.id})
        self._forget_stock(line.product_id for line in lines)
        return order

    def cancel(self, customer: Customer, order_id: int) -> Order:
        order = self.orders.get(order_id)
        if order.customer_id != customer.id:
            raise NotFoundError(f"no order with id {order_id}")
        if order.status is OrderStatus.SHIPPED or order.cancelled_at is not None:
            raise OrderStateError(f"order {order_id} can no longer be cancelled")

        products = self.products.lock_all({line.product_id for line in order.lines})
        for line in order.lines:
            products[line.product_id].stock += line.quantity
        order.status = OrderStatus.CANCELLED
        order.cancelled_at = utc_now()
        self.session.commit()
        return order

    def _reserve(self, wanted: Sequence[OrderLineIn]) -> list[OrderLine]:
        products = self.products.lock_all({line.product_id for line in wanted})
        lines = []
        for line in wanted:
            product = products.get(line.product_id)
            if product is None or product.archived_at is not None:
                raise NotFoundError(f"no product with id {line.product_id}")
            if product.stock < line.quantity:
                raise OutOfStockError(f"{product.sku}: {product.stock} left")
            product.stock -= line.quantity
            lines.append(OrderLine(product=product, quantity=line.quantity, unit_price=product.unit_price))
        return lines

    def _forget_stock(self, product_ids: Iterable[int]) -> None:
        try:
            cache.client.delete(*(f"stock:{product_id}" for product_id in product_ids))
        except CacheError:
            pass
