from collections.abc import Collection, Sequence

from sqlalchemy import or_, select

from app.clock import utc_now
from app.models import DiscountRule, Product
from app.repositories.base import Repository


class ProductRepository(Repository[Product]):
    model = Product

    def by_sku(self, sku: str) -> Product | None:
        return self.session.scalar(select(Product).where(Product.sku == sku))

    def search(self, text: str | None, *, include_archived: bool, offset: int, limit: int) -> Sequence[Product]:
        statement = select(Product).order_by(Product.name, Product.id)
        if not include_archived:
            statement = statement.where(Product.archived_at.is_(None))
        if text:
            statement = statement.where(or_(Product.sku == text, Product.name.icontains(text)))
        return self._list(statement, offset=offset, limit=limit)

    def lock_all(self, identifiers: Collection[int]) -> dict[int, Product]:
        """The rows, locked until the transaction ends; in id order, so that two orders can not deadlock."""
        statement = select(Product).where(Product.id.in_(identifiers)).order_by(Product.id).with_for_update()
        return {product.id: product for product in self.session.scalars(statement)}


class DiscountRepository(Repository[DiscountRule]):
    model = DiscountRule

    def valid(self, code: str) -> DiscountRule | None:
        return self.session.scalar(
            select(DiscountRule).where(
                DiscountRule.code == code,
                or_(DiscountRule.expires_at.is_(None), DiscountRule.expires_at > utc_now()),
            )
        )
