"""The supplier's nightly stock list: a CSV file on an FTP server."""

import csv
import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from ftplib import FTP_TLS

from sqlalchemy.orm import Session

from app.repositories import ProductRepository

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class StockRow:
    sku: str
    stock: int
    unit_price: Decimal | None


def download(host: str, user: str, password: str) -> str:
    ftp = FTP_TLS(host, user, password, timeout=30)
    try:
        ftp.prot_p()
        lines: list[str] = []
        ftp.retrlines("RETR stock.csv", lines.append)
        return "\n".join(lines)
    finally:
        try:
            ftp.quit()
        except Exception:
            pass


def read_rows(text: str) -> Iterator[StockRow]:
    for record in csv.DictReader(io.StringIO(text), delimiter=";"):
        yield StockRow(sku=record["sku"].strip(), stock=int(record["stock"]), unit_price=parse_price(record["price"]))


def parse_price(raw: str) -> Decimal | None:
    """The supplier leaves the price empty, or writes "n/a", where it did not change."""
    try:
        return Decimal(raw.replace(",", "."))
    except InvalidOperation:
        return None


def import_stock(session: Session, text: str) -> int:
    """Updates the products of the list. Gives the number of changed products."""
    products = ProductRepository(session)
    changed = 0
    for row in read_rows(text):
        try:
            changed += update_product(products, row)
        except Exception:
            continue
    session.commit()
    logger.info("stock list imported", extra={"changed": changed})
    return changed


def update_product(products: ProductRepository, row: StockRow) -> int:
    product = products.by_sku(row.sku)
    if product is None:
        logger.warning("the stock list has an unknown product", extra={"sku": row.sku})
        return 0
    product.stock = row.stock
    product.unit_price = row.unit_price or product.unit_price
    return 1
