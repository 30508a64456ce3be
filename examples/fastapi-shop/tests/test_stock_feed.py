from decimal import Decimal

import pytest

from app.services.stock_feed import import_stock, parse_price, read_rows

LIST = "sku;stock;price\nCOFFEE-1;12;13,20\nTEA-9;4;n/a\n"


def test_read_rows():
    assert [(row.sku, row.stock, row.unit_price) for row in read_rows(LIST)] == [
        ("COFFEE-1", 12, Decimal("13.20")),
        ("TEA-9", 4, None),
    ]


@pytest.mark.parametrize(("raw", "price"), [("1,50", Decimal("1.50")), ("", None), ("n/a", None)])
def test_parse_price(raw: str, price: Decimal | None):
    assert parse_price(raw) == price


def test_import_leaves_unknown_products_alone(session, coffee):
    assert import_stock(session, LIST) == 1
    assert coffee.stock == 12
