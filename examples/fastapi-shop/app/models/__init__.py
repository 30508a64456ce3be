from app.models.base import Base
from app.models.catalog import DiscountRule, Product
from app.models.sales import Customer, Order, OrderLine, OrderStatus, Role
from app.models.subscriptions import Interval, Subscription

__all__ = [
    "Base",
    "Customer",
    "DiscountRule",
    "Interval",
    "Order",
    "OrderLine",
    "OrderStatus",
    "Product",
    "Role",
    "Subscription",
]
