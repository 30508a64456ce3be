from app.repositories.base import Repository
from app.repositories.catalog import DiscountRepository, ProductRepository
from app.repositories.orders import OrderRepository
from app.repositories.subscriptions import SubscriptionRepository

__all__ = ["DiscountRepository", "OrderRepository", "ProductRepository", "Repository", "SubscriptionRepository"]
