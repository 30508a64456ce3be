"""What the services raise, and how it looks to an HTTP client."""

from fastapi import FastAPI, Request, status
from fastapi.responses import JSONResponse


class ShopError(Exception):
    """A request that the shop understands and refuses."""

    status_code = status.HTTP_400_BAD_REQUEST
    code = "bad_request"


class NotFoundError(ShopError):
    status_code = status.HTTP_404_NOT_FOUND
    code = "not_found"


class OutOfStockError(ShopError):
    status_code = status.HTTP_409_CONFLICT
    code = "out_of_stock"


class OrderStateError(ShopError):
    status_code = status.HTTP_409_CONFLICT
    code = "order_state"


class UnknownDiscountError(ShopError):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    code = "unknown_discount"


def install_error_handlers(app: FastAPI) -> None:
    @app.exception_handler(ShopError)
    def answer_shop_error(_: Request, error: ShopError) -> JSONResponse:
        return JSONResponse(
            status_code=error.status_code,
            content={"error": {"code": error.code, "message": str(error)}},
        )
