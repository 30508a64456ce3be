import { terminates } from '@krait/python'
import { describe, expect, it } from 'vitest'
import { callsThat, contextOf } from '../helpers/rule-context.ts'

describe('terminates', () => {
  it('knows calls that end the process or always raise', () => {
    const opened = contextOf(`
      import os
      import pytest
      import sys as system
      from sys import exit as leave
      from typing import NoReturn, Never

      def stop() -> NoReturn: ...
      def give_up() -> "Never": ...
      def go_on() -> None: ...

      class Command:
          def fail(self) -> NoReturn: ...

          def run(self):
              self.fail()
              system.exit(1)
              leave()
              os._exit(1)
              os.abort()
              exit()
              quit()
              pytest.skip("x")
              stop()
              give_up()
              go_on()
              os.getcwd()
    `)
    expect(callsThat(opened, terminates)).toEqual([
      'self.fail()',
      'system.exit(1)',
      'leave()',
      'os._exit(1)',
      'os.abort()',
      'exit()',
      'quit()',
      'pytest.skip("x")',
      'stop()',
      'give_up()',
    ])
  })

  it('is not deceived by shadowed names', () => {
    expect(callsThat(contextOf('def exit(): ...\nexit()\nself.exit()\n'), terminates)).toEqual([])
  })
})
