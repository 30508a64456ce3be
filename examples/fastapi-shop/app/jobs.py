"""What runs every night: `python -m app.jobs`."""

import logging
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from app.clock import utc_now
from app.db import SessionLocal
from app.repositories import OrderRepository
from app.services.exports import remove_old_exports, write_order_export
from app.services.stock_feed import download, import_stock
from app.settings import EXPORT_RETENTION, Settings, get_settings

logger = logging.getLogger(__name__)


def import_supplier_stock(session: Session, settings: Settings) -> None:
    text = download(
        settings.supplier_host, settings.supplier_user, settings.supplier_password.get_secret_value()
    )
    import_stock(session, text)


def export_yesterday(session: Session, settings: Settings, now: datetime) -> None:
    end = datetime.combine(now.date(), time.min, tzinfo=now.tzinfo)
    start = end - timedelta(days=1)
    orders = OrderRepository(session).open_between(start, end)
    written = write_order_export(orders, settings.export_folder / f"orders-{start:%Y-%m-%d}.csv")
    logger.info("orders exported", extra={"rows": written})
    remove_old_exports(settings.export_folder, older_than=now - EXPORT_RETENTION)


def main() -> None:
    settings = get_settings()
    with SessionLocal() as session:
        import_supplier_stock(session, settings)
        export_yesterday(session, settings, utc_now())


if __name__ == "__main__":
    main()
