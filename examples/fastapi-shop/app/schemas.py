"""What goes over the wire. The models stay behind the services."""

from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, EmailStr, Field

from app.models import Interval, OrderStatus


class ApiModel(BaseModel):
    model_config = ConfigDict(from_attributes=True, extra="forbid")


class ProductIn(ApiModel):
    sku: str = Field(min_length=3, max_length=40)
    name: str = Field(min_length=1, max_length=200)
    unit_price: Decimal = Field(gt=0, max_digits=10, decimal_places=2)
    weight_kg: float = Field(gt=0)
    stock: int = Field(ge=0)


class ProductOut(ApiModel):
    id: int
    sku: str
    name: str
    unit_price: Decimal
    stock: int


class CustomerPatch(ApiModel):
    email: EmailStr | None = None
    name: str | None = Field(default=None, min_length=1, max_length=200)


class CustomerOut(ApiModel):
    id: int
    email: EmailStr
    name: str


class OrderLineIn(ApiModel):
    product_id: int
    quantity: int = Field(ge=1, le=99)


class OrderIn(ApiModel):
    lines: list[OrderLineIn] = Field(min_length=1, max_length=50)
    discount_code: str | None = None


class OrderLineOut(ApiModel):
    product_id: int
    quantity: int
    unit_price: Decimal


class OrderOut(ApiModel):
    id: int
    status: OrderStatus
    total_amount: Decimal
    placed_at: datetime
    lines: list[OrderLineOut] = Field(default_factory=list)


class SubscriptionIn(ApiModel):
    product_id: int
    interval: Interval


class SubscriptionOut(ApiModel):
    id: int
    product_id: int
    interval: Interval
    price: Decimal
    renews_at: datetime
    cancelled_at: datetime | None


class SalesReport(ApiModel):
    since: datetime
    orders: int
    revenue: Decimal
