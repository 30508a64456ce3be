import csv
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from app.models import Order


def write_order_export(orders: Iterable[Order], target: Path) -> int:
    """Writes the orders for the accounting system, all or nothing. Gives the number of rows."""
    written = 0
    partial = target.with_suffix(".part")
    try:
        with partial.open("w", newline="", encoding="utf-8") as handle:
            writer = csv.writer(handle)
            writer.writerow(["order", "placed at", "total"])
            for order in orders:
                writer.writerow([order.id, order.placed_at.isoformat(), order.total_amount])
                written += 1
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
        return written


def remove_old_exports(folder: Path, older_than: datetime) -> None:
    for export in folder.glob("orders-*.csv"):
        if export.stat().st_mtime < older_than.timestamp():
            export.unlink()
