import type { Language } from '@krait/core'
import { createPythonLanguage } from '@krait/python'
import { loadPython } from '@krait/python/node'

/** Python, ready when this module is: test frameworks collect tests without waiting. */
export const pythonLanguage: Language = createPythonLanguage(await loadPython())
