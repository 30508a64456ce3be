import os
from collections.abc import Iterator
from decimal import Decimal

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from app.models import Base, Customer, Product

# Nothing connects to these; the settings only have to be complete.
os.environ.setdefault("SHOP_DATABASE_URL", "postgresql+psycopg://shop@localhost/shop_test")
os.environ.setdefault("SHOP_REDIS_URL", "redis://localhost:6379/9")
os.environ.setdefault("SHOP_SUPPLIER_PASSWORD", "unused")


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    Base.metadata.create_all(engine)
    with Session(engine, expire_on_commit=False) as session:
        yield session
    engine.dispose()


@pytest.fixture
def customer(session: Session) -> Customer:
    customer = Customer(email="ada@example.org", name="Ada")
    session.add(customer)
    session.commit()
    return customer


@pytest.fixture
def coffee(session: Session) -> Product:
    product = Product(sku="COFFEE-1", name="Coffee", unit_price=Decimal("12.50"), weight_kg=0.5, stock=3)
    session.add(product)
    session.commit()
    return product
