from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.clock import utc_now
from app.errors import NotFoundError
from app.models import Customer, Interval, Order, OrderLine, Subscription
from app.repositories import ProductRepository, SubscriptionRepository

TRIAL = timedelta(days=30)
# krait: ignore[datetime/no-month-as-days] -- the terms of sale promise the price "for 365 days", leap year or not
PRICE_GUARANTEE_YEAR = timedelta(days=365)


class SubscriptionService:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.subscriptions = SubscriptionRepository(session)
        self.products = ProductRepository(session)

    def start(self, customer: Customer, product_id: int, interval: Interval) -> Subscription:
        product = self.products.get(product_id)
        subscription = Subscription(
            customer=customer,
            product=product,
            interval=interval,
            price=product.unit_price,
            renews_at=utc_now() + TRIAL,
        )
        self.subscriptions.add(subscription)
        self.session.commit()
        return subscription

    def cancel(self, customer: Customer, subscription_id: int) -> Subscription:
        subscription = self.subscriptions.get(subscription_id)
        if subscription.customer_id != customer.id:
            raise NotFoundError(f"no subscription with id {subscription_id}")
        if subscription.cancelled_at is None:
            subscription.cancelled_at = utc_now()
            subscription.active = False
            self.session.commit()
        return subscription

    def renew_due(self, charge: Callable[[Subscription], None], *, limit: int = 100) -> int:
        """Charges and orders what is due, all or nothing. Gives the number of renewals."""
        due = self.subscriptions.due(utc_now(), limit=limit)
        for subscription in due:
            if subscription.renews_at > subscription.started_at + PRICE_GUARANTEE_YEAR:
                subscription.price = subscription.product.unit_price
            charge(subscription)
            self.session.add(order_of(subscription))
            subscription.renews_at = next_renewal(subscription.renews_at, subscription.interval)
        self.session.commit()
        return len(due)


def order_of(subscription: Subscription) -> Order:
    line = OrderLine(product=subscription.product, quantity=1, unit_price=subscription.price)
    return Order(
        customer=subscription.customer,
        subscription=subscription,
        total_amount=subscription.price,
        lines=[line],
    )


def next_renewal(renewed_at: datetime, interval: Interval) -> datetime:
    if interval is Interval.WEEKLY:
        return renewed_at + timedelta(weeks=1)
    months = 3 if interval is Interval.QUARTERLY else 1
    return renewed_at + timedelta(days=30 * months)
