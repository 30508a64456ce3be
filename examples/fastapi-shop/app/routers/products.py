from typing import Annotated

from fastapi import APIRouter, Depends, Query, status

from app.clock import utc_now
from app.dependencies import PageDep, SessionDep, require_role
from app.models import Product, Role
from app.repositories import ProductRepository
from app.schemas import ProductIn, ProductOut
from app.services.recommendations import also_bought, load_model
from app.settings import get_settings

router = APIRouter(prefix="/products", tags=["products"])


@router.get("", response_model=list[ProductOut])
def list_products(
    session: SessionDep,
    page: PageDep,
    text: Annotated[str | None, Query(max_length=100)] = None,
    include_archived: bool = False,
):
    """The products whose name or SKU contains the text, by name."""
    return ProductRepository(session).search(
        text, include_archived=include_archived, offset=page.offset, limit=page.limit
    )


@router.get("/{product_id}", response_model=ProductOut)
def get_product(session: SessionDep, product_id: int):
    """One product, archived or not."""
    return ProductRepository(session).get(product_id)


@router.get("/{product_id}/also-bought", response_model=list[int])
def list_also_bought(product_id: int, count: Annotated[int, Query(ge=1, le=20)] = 5):
    """The ids of products that are bought together with this one."""
    return also_bought(load_model(get_settings().recommendation_model), product_id, count)


@router.post(
    "",
    response_model=ProductOut,
    status_code=status.HTTP_201_CREATED,
    dependencies=[Depends(require_role(Role.STAFF))],
)
def create_product(session: SessionDep, body: ProductIn):
    """Adds a product to the catalogue."""
    product = ProductRepository(session).add(Product(**body.model_dump()))
    session.commit()
    return product


@router.delete(
    "/{product_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[Depends(require_role(Role.STAFF))],
)
def archive_product(session: SessionDep, product_id: int) -> None:
    """Takes a product out of the catalogue; orders keep it."""
    product = ProductRepository(session).get(product_id)
    if product.archived_at is None:
        product.archived_at = utc_now()
        session.commit()
