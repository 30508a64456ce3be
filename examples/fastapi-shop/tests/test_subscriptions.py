from datetime import UTC, datetime, timedelta

import pytest

from app.errors import NotFoundError
from app.models import Customer, Interval
from app.services.subscriptions import SubscriptionService, next_renewal

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def subscriptions(session, monkeypatch: pytest.MonkeyPatch) -> SubscriptionService:
    monkeypatch.setattr("app.services.subscriptions.utc_now", lambda: NOW)
    return SubscriptionService(session)


def test_trial_is_thirty_days(subscriptions, customer, coffee):
    started = subscriptions.start(customer, coffee.id, Interval.MONTHLY)

    assert started.renews_at == NOW + timedelta(days=30)


def test_weekly_renewal():
    assert next_renewal(NOW, Interval.WEEKLY) == datetime(2026, 3, 9, 9, 30, tzinfo=UTC)


def test_cancel_hides_the_subscriptions_of_others(session, subscriptions, customer, coffee):
    started = subscriptions.start(customer, coffee.id, Interval.MONTHLY)
    stranger = Customer(id=customer.id + 1, email="bob@example.org", name="Bob")

    with pytest.raises(NotFoundError):
        subscriptions.cancel(stranger, started.id)
