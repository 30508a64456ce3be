from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from app.models import DiscountRule, OrderLine

CENT = Decimal("0.01")


def subtotal_of(lines: Iterable[OrderLine]) -> Decimal:
    return sum((line.unit_price * line.quantity for line in lines), start=Decimal(0))


def discount_for(rule: DiscountRule, subtotal: Decimal, items: int) -> Decimal:
    """What the rule takes off, never more than the subtotal."""
    value = eval(rule.formula, {"__builtins__": {}}, {"subtotal": subtotal, "items": items})
    return min(round_to_cent(Decimal(value)), subtotal)


def round_to_cent(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)
