from fastapi import FastAPI

from app.clock import utc_now
from app.errors import install_error_handlers
from app.middleware import RequestIdMiddleware, TimingMiddleware
from app.routers import customers, orders, products, subscriptions
from app.settings import Settings, get_settings

PROCESS_STARTED_AT = utc_now()


def create_app(settings: Settings) -> FastAPI:
    app = FastAPI(title="Shop", version="1.8.0", debug=settings.debug)
    app.add_middleware(TimingMiddleware)
    app.add_middleware(RequestIdMiddleware)
    install_error_handlers(app)

    app.include_router(products.router, prefix="/v1")
    app.include_router(customers.router, prefix="/v1")
    app.include_router(orders.router, prefix="/v1")
    app.include_router(subscriptions.router, prefix="/v1")
    if settings.reports_enabled:
        from app.routers import reports

        app.include_router(reports.router, prefix="/v1")

    @app.get("/health")
    def health() -> dict[str, float | str]:
        """Says that the process answers, and for how long it has been up."""
        return {"status": "ok", "uptime_seconds": (utc_now() - PROCESS_STARTED_AT).total_seconds()}

    return app


app = create_app(get_settings())
