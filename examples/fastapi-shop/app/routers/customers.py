from fastapi import APIRouter

from app.dependencies import CustomerDep, SessionDep
from app.schemas import CustomerOut, CustomerPatch

router = APIRouter(prefix="/customers", tags=["customers"])


@router.get("/me", response_model=CustomerOut)
def get_me(customer: CustomerDep):
    """The signed-in customer."""
    return customer


@router.patch("/me", response_model=CustomerOut)
def update_me(session: SessionDep, customer: CustomerDep, body: CustomerPatch):
    """Changes what the body names; the rest stays."""
    if body.email is not None:
        customer.email = body.email
    if body.name is not None:
        customer.name = body.name
    session.commit()
    return customer
