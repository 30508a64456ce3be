from datetime import datetime
from decimal import Decimal

from sqlalchemy import DateTime, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, TimestampMixin


class Product(TimestampMixin, Base):
    __tablename__ = "products"

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    unit_price: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    weight_kg: Mapped[float]
    stock: Mapped[int]
    archived_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class DiscountRule(TimestampMixin, Base):
    """A voucher code with a formula over `subtotal` and `items`, such as `subtotal * 0.1 if items > 3 else 0`."""

    __tablename__ = "discount_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    formula: Mapped[str] = mapped_column(String(400))
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
