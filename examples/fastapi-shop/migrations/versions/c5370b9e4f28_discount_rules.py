"""discount rules, archived products

Revision ID: c5370b9e4f28
Revises: 8de2f4a6107c
"""

import sqlalchemy as sa
from alembic import op

revision = "c5370b9e4f28"
down_revision = "8de2f4a6107c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "discount_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("formula", sa.String(400), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discount_rules")),
        sa.UniqueConstraint("code", name=op.f("uq_discount_rules_code")),
    )
    op.add_column("products", sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(op.f("ck_products_stock_not_negative"), "products", "stock >= 0")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_products_stock_not_negative"), "products", type_="check")
    op.drop_column("products", "archived_at")
    op.drop_table("discount_rules")
