import { defineRule, type TypeNode } from '@krait/python'

export interface MoneyOptions {
  /** A column is money when its name has one of these words between underscores. */
  readonly words: readonly string[]
}

const defaultOptions: readonly [MoneyOptions] = [{ words: ['price', 'amount', 'total', 'fee'] }]

export const moneyIsDecimal = defineRule({
  name: 'money-is-decimal',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require decimals for columns that hold money',
      preset: 'recommended',
      severity: 'error',
      since: '1.0.0',
    },
    messages: {
      float: "'{{column}}' holds money as a float, and sums of floats lose cents. Write {{annotation}} with Numeric(12, 2).",
    },
    schema: [
      {
        type: 'object',
        properties: { words: { type: 'array', items: { type: 'string' }, minItems: 1 } },
        additionalProperties: false,
      },
    ],
  },
  defaultOptions,
  create(context, [{ words }]) {
    return {
      assignment({ left, type }) {
        if (!type || left.kind !== 'identifier' || !isMoney(left.text)) return
        if (!isMapped(type) || !holdsFloat(type)) return
        context.report({
          node: left,
          messageId: 'float',
          data: { column: left.text, annotation: type.text.replace(/\bfloat\b/, 'Decimal') },
        })
      },
    }

    function isMoney(column: string): boolean {
      return column.split('_').some((word) => words.includes(word))
    }

    /** `Mapped[...]`, under whatever name the module imports it. */
    function isMapped(annotation: TypeNode): boolean {
      const [container] = annotation.descendants('identifier', 'attribute')
      return container !== undefined && context.resolve(container) === 'sqlalchemy.orm.Mapped'
    }

    function holdsFloat(annotation: TypeNode): boolean {
      for (const name of annotation.descendants('identifier')) {
        if (context.resolve(name) === 'builtins.float') return true
      }
      return false
    }
  },
})
