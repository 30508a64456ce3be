from fastapi import APIRouter, status

from app.dependencies import CustomerDep, SessionDep
from app.repositories import SubscriptionRepository
from app.schemas import SubscriptionIn, SubscriptionOut
from app.services.subscriptions import SubscriptionService

router = APIRouter(prefix="/subscriptions", tags=["subscriptions"])


@router.get("", response_model=list[SubscriptionOut])
def list_subscriptions(session: SessionDep, customer: CustomerDep):
    """The customer's running subscriptions."""
    return SubscriptionRepository(session).active_of(customer.id)


@router.post("", response_model=SubscriptionOut, status_code=status.HTTP_201_CREATED)
def start_subscription(session: SessionDep, customer: CustomerDep, body: SubscriptionIn):
    """Starts a subscription; the trial is free."""
    return SubscriptionService(session).start(customer, body.product_id, body.interval)


@router.delete("/{subscription_id}", response_model=SubscriptionOut)
def cancel_subscription(session: SessionDep, customer: CustomerDep, subscription_id: int):
    """Ends a subscription; what was paid for still ships."""
    return SubscriptionService(session).cancel(customer, subscription_id)
