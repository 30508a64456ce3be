"""subscriptions

Revision ID: e91a6d2c8b43
Revises: c5370b9e4f28
"""

import sqlalchemy as sa
from alembic import op

revision = "e91a6d2c8b43"
down_revision = "c5370b9e4f28"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("interval", sa.String(20), nullable=False),
        sa.Column("price", sa.Numeric(10, 2), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("renews_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_subscriptions_customer_id_customers"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_subscriptions_product_id_products"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
    )
    op.create_index(op.f("ix_subscriptions_customer_id"), "subscriptions", ["customer_id"])
    op.create_index(op.f("ix_subscriptions_product_id"), "subscriptions", ["product_id"])
    op.create_index(op.f("ix_subscriptions_renews_at"), "subscriptions", ["renews_at"])
    op.add_column("orders", sa.Column("subscription_id", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_orders_subscription_id"), "orders", ["subscription_id"])
    op.create_foreign_key(None, "orders", "subscriptions", ["subscription_id"], ["id"], ondelete="SET NULL")


def downgrade() -> None:
    op.drop_constraint(None, "orders", type_="foreignkey")
    op.drop_index(op.f("ix_orders_subscription_id"), table_name="orders")
    op.drop_column("orders", "subscription_id")
    op.drop_table("subscriptions")
