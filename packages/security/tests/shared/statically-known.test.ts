import { python, RuleTester } from '@krait/rule-tester'
import { argument, defineRule, isStaticallyKnown } from '@krait/python'

/** Reports the calls of `probe(x)` whose argument is not known. */
const probe = defineRule({
  name: 'probe',
  meta: {
    type: 'problem',
    docs: { description: 'Report what is not known', preset: 'recommended', severity: 'error', since: '0.1.0' },
    messages: { unknown: 'unknown' },
    schema: [],
  },
  defaultOptions: [],
  create(context) {
    return {
      call(node) {
        const value = node.function.text === 'probe' ? argument(node, null, 0) : null
        if (value && !isStaticallyKnown(context, value)) context.report({ node, messageId: 'unknown' })
      },
    }
  },
})

const PROJECT = {
  'app/__init__.py': 'from .names import TABLE as MAIN\n',
  'app/names.py': python`
    from enum import Enum

    TABLE = "orders"
    COLUMNS = ("id", "total")
    LABELS = {"id": "Number", "total": "Sum"}
    MIXED = {"id": compute()}
    REGISTRY = {}
    TWICE = "a"
    TWICE = compute()

    class Direction(Enum):
        UP = "ASC"
        DOWN = compute()

        @property
        def sql(self):
            return self.value
  `,
}

new RuleTester().run('isStaticallyKnown', probe, {
  valid: [
    {
      name: 'literals',
      code: python`
        probe("a")
        probe("a" "b")
        probe(f"a")
        probe(b"a")
        probe(-1.5)
        probe(True)
        probe(None)
        probe(...)
        probe(("a", 1))
        probe(["a", *("b", "c")])
        probe({"a": 1, **{"b": 2}})
        probe({1, 2})
      `,
    },
    {
      name: 'names bound once: in a module, a class, a function, by a walrus',
      code: python`
        TABLE = "orders"

        class Query:
            TABLE_NAME = TABLE
            probe(TABLE_NAME)

            def run(self):
                column = "id"
                probe(TABLE + column)
                probe(Query.TABLE_NAME)
                if name := "x":
                    probe(name)
      `,
    },
    {
      name: 'strings built of known values',
      code: python`
        A = "a"
        probe(A + "b")
        probe("%s-%s" % (A, "b"))
        probe("{} {b}".format(A, b="b"))
        probe(", ".join([A, "b"]))
        probe(", ".join(f"{c}!" for c in ("a", "b")))
        probe(f"{A}{'b'!r:>{10}}")
        probe(A if compute() else "b")
        probe(None or A)
      `,
    },
    {
      name: 'dicts and tuples of modules and classes, whatever the key',
      path: 'app/main.py',
      files: PROJECT,
      code: python`
        from app.names import COLUMNS, LABELS
        from app import names

        ORDER = {"up": "ASC", "down": "DESC"}

        class Query:
            ORDER = {"up": "ASC"}
            probe(ORDER[key])

        def run(key):
            probe(ORDER[key])
            probe(ORDER.get(key))
            probe(ORDER.get(key, "ASC"))
            probe({"a": 1}[key])
            probe(COLUMNS[key])
            probe(COLUMNS[1:])
            probe(LABELS.get(key))
            probe(names.LABELS[key])
      `,
    },
    {
      name: 'loop variables over constant collections',
      path: 'app/main.py',
      files: PROJECT,
      code: python`
        from app.names import COLUMNS, LABELS, Direction

        ALLOWED = frozenset({"a", "b"})

        for column in COLUMNS:
            probe(column)
        for name in ["a", "b"]:
            probe(f"{name} IS NULL")
        for key, label in LABELS.items():
            probe(key + label)
        for letter in sorted(ALLOWED):
            probe(letter)
        for position, (left, right) in enumerate([("a", "b")]):
            probe(left)
        [probe(c) for c in COLUMNS]
        for direction in Direction:
            probe(direction.value)
      `,
    },
    {
      name: 'names and enum members of other modules',
      path: 'app/main.py',
      files: PROJECT,
      code: python`
        from enum import Enum
        from app import MAIN, names
        from app.names import *
        from app.names import Direction

        probe(MAIN)
        probe(names.TABLE)
        probe(TABLE)
        probe(Direction.UP)
        probe(Direction.UP.value)
        probe(Direction.DOWN.name)
        probe(f"ORDER BY id {names.Direction.UP.value}")

        class Own(Enum):
            A = 1

            def show(self):
                probe(self.value)
                probe(self.name)
      `,
    },
    {
      name: 'names of tables',
      code: python`
        from sqlalchemy import Table

        orders = Table("orders", metadata)

        def run(model):
            probe(Order.__tablename__)
            probe(model.__table__.name)
            probe(orders.name)
            probe(f"DELETE FROM {orders.fullname}")
      `,
    },
    { name: 'a sum of 6,000 terms', code: `probe(${Array.from({ length: 6000 }, () => '"a"').join(' + ')})\n` },
    { name: '3,000 calls inside each other', code: `probe(${'str('.repeat(3000)}"a"${')'.repeat(3000)})\n` },
  ],
  invalid: [
    {
      name: 'parameters, calls, attributes, builtins, functions',
      code: python`
        def run(name, *names, **options):
            probe(name)
            probe(compute())
            probe(self.name)
            probe(name.value)
            probe(names[0])
            probe(run)
            probe(__name__)
            probe(unknown)
      `,
      errors: [2, 3, 4, 5, 6, 7, 8, 9].map((line) => ({ line })),
    },
    {
      name: 'one part that is not known is enough',
      code: python`
        A = "a"
        def run(name):
            probe(A + name)
            probe("%s" % name)
            probe("{}".format(name))
            probe("{}".format(*name))
            probe(f"{name}")
            probe(f"{A:{name}}")
            probe("a" f"{name}")
            probe(", ".join([A, name]))
            probe(", ".join(x for x in name))
            probe(A if A else name)
            probe(name or A)
            probe({"a": name}["a"])
            probe({"a": 1}.get("a", name))
            probe({"a": 1, **name})
      `,
      errors: [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16].map((line) => ({ line })),
    },
    {
      name: 'names bound more than once',
      code: python`
        def run(flag):
            table = "a"
            if flag:
                table = compute()
            probe(table)
            text = "a"
            text += flag
            probe(text)
      `,
      errors: [{ line: 5 }, { line: 8 }],
    },
    {
      name: 'collections that are filled or changed, and those of a function',
      code: python`
        NAMES = []
        NAMES.append(compute())
        LABELS = {"a": "b"}
        LABELS[compute()] = compute()

        def run(key):
            conditions = []
            conditions.append(key)
            probe(" AND ".join(conditions))
            probe(", ".join(NAMES))
            probe(LABELS[key])
            probe(LABELS.get(key))
            own = {"a": "b"}
            fill(own)
            probe(own[key])
      `,
      errors: [{ line: 9 }, { line: 10 }, { line: 11 }, { line: 12 }, { line: 15 }],
    },
    {
      name: 'of other modules: what is bound twice, filled, or computed',
      path: 'app/main.py',
      files: PROJECT,
      code: python`
        from app.names import MIXED, REGISTRY, TWICE, missing

        probe(TWICE)
        probe(MIXED["id"])
        probe(REGISTRY.get(key))
        probe(missing)
      `,
      errors: [{ line: 3 }, { line: 4 }, { line: 5 }, { line: 6 }],
    },
  ],
})
