from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from app import models
from app.repositories.base import Repository


class SubscriptionRepository(Repository[models.Subscription]):
    model = models.Subscription

    def active_of(self, customer_id: int) -> Sequence[models.Subscription]:
        return self.session.scalars(
            select(models.Subscription)
            .where(models.Subscription.customer_id == customer_id and models.Subscription.active)
            .order_by(models.Subscription.id)
        ).all()

    def due(self, moment: datetime, *, limit: int) -> Sequence[models.Subscription]:
        """Subscriptions to renew now; rows that another worker holds are left to it."""
        return self.session.scalars(
            select(models.Subscription)
            .where(
                models.Subscription.active,
                models.Subscription.cancelled_at.is_(None),
                models.Subscription.renews_at <= moment,
            )
            .order_by(models.Subscription.renews_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
