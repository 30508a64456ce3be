import { checkRuleDocs, python, RuleTester } from '@krait/rule-tester'
import { moneyIsDecimal } from './money-is-decimal.ts'
import shop from './shop-pack.ts'

new RuleTester().run('shop/money-is-decimal', moneyIsDecimal, {
  valid: [
    {
      name: 'a decimal',
      code: python`
        from decimal import Decimal
        from sqlalchemy.orm import Mapped

        class Order:
            total_amount: Mapped[Decimal]
      `,
    },
    {
      name: 'a float that is no money',
      code: python`
        from sqlalchemy.orm import Mapped

        class Product:
            weight_kg: Mapped[float]
            priceless: Mapped[float]
      `,
    },
    {
      name: 'an attribute that is no column',
      code: python`
        class Offer:
            price: float = 0.0
      `,
    },
    {
      name: 'a class of its own called Mapped',
      code: python`
        from maps import Mapped

        class Offer:
            price: Mapped[float]
      `,
    },
    {
      name: 'a class of its own called float',
      code: python`
        from sqlalchemy.orm import Mapped
        from fixed_point import float

        class Offer:
            price: Mapped[float]
      `,
    },
    {
      name: 'a word that the config does not count as money',
      options: [{ words: ['price'] }],
      code: python`
        from sqlalchemy.orm import Mapped

        class Order:
            late_fee: Mapped[float]
      `,
    },
  ],
  invalid: [
    {
      name: 'a float',
      code: python`
        from sqlalchemy.orm import Mapped, mapped_column

        class Order:
            shipping_price: Mapped[float] = mapped_column(default=0.0)
      `,
      errors: [{ messageId: 'float', data: { column: 'shipping_price', annotation: 'Mapped[Decimal]' }, line: 4, column: 5, endColumn: 19 }],
    },
    {
      name: 'an optional float, by the module',
      code: python`
        from sqlalchemy import orm

        class Order:
            total: orm.Mapped[float | None]
      `,
      errors: [{ messageId: 'float', data: { column: 'total', annotation: 'orm.Mapped[Decimal | None]' }, line: 4 }],
    },
    {
      name: 'Mapped through a re-export of the project',
      path: 'app/models/order.py',
      files: {
        'app/__init__.py': '',
        'app/models/__init__.py': '',
        'app/db.py': 'from sqlalchemy.orm import Mapped as Column\n',
      },
      code: python`
        from app.db import Column

        class Order:
            amount: Column[float]
      `,
      errors: ['float'],
    },
    {
      name: 'a word of the config',
      options: [{ words: ['deposit'] }],
      code: python`
        from sqlalchemy.orm import Mapped

        class Order:
            deposit: Mapped[float]
            price: Mapped[float]
      `,
      errors: [{ messageId: 'float', line: 4 }],
    },
  ],
})

checkRuleDocs(shop)
