import { PackedReads, packReads, Project, type ProjectReader } from '@krait/core'
import { createPythonLanguage, parsePython, PythonProject } from '@krait/python'
import { loadPython } from '@krait/python/node'
import { describe, expect, test } from 'vitest'
import { collectionColumnsIndex } from '../../src/frameworks/sqlalchemy/collection-columns.ts'
import { commonMembersIndex, modelHoldersIndex } from '../../src/frameworks/sqlalchemy/model-holders.ts'
import { terminalFunctionsIndex } from '../../src/frameworks/sqlalchemy/statements/terminal-functions.ts'
import { temporalColumnsIndex } from '../../src/kinds/temporal-columns.ts'

await loadPython()

type Texts = Readonly<Record<string, string>>
type Question = readonly [name: string, ask: (project: PythonProject) => unknown]

function open(texts: Texts): Project {
  return new Project({ files: Object.keys(texts), languages: [createPythonLanguage({ parse: parsePython })], read: (path) => texts[path], logsReads: true })
}

/** The questions whose findings would have to be found anew after a change. */
function touched(questions: readonly Question[], before: Texts, after: Texts): readonly string[] {
  const project = open(before)
  const logs = questions.map(([, ask]) => {
    const log = project.openLog()!
    const reader: ProjectReader = project.reader(log)
    ask(new PythonProject(reader, {}, 'app/main.py'))
    return project.numbersOf(log)
  })
  const checker = open(after).checker(new PackedReads(packReads(project.readTable())))
  return questions.filter((_, i) => !checker.allHold(logs[i]!)).map(([name]) => name)
}

describe('what a name means counts with its own definition', () => {
  const texts: Texts = {
    'app/__init__.py': '',
    'app/main.py': '',
    'app/util.py': 'def one(): ...\nclass Two:\n    def run(self): ...\n',
    'app/all.py': 'from app.util import *\n',
  }
  const questions: readonly Question[] = [
    ['one', (project) => expect(project.definition('app.util.one')?.kind).toBe('function')],
    ['run', (project) => expect(project.definition('app.util.Two.run')?.kind).toBe('function')],
    ['through all', (project) => expect(project.definition('app.all.one')?.name).toBe('app.util.one')],
    ['none', (project) => expect(project.definition('app.util.three')).toBeNull()],
    ['the module', (project) => expect(project.definition('app.util')).toEqual({ kind: 'module', name: 'app.util', path: 'app/util.py', fact: null })],
    ['all of it', (project) => expect(Object.keys(project.module('app/util.py')!.members)).toHaveLength(2)],
  ]
  const util = texts['app/util.py']!
  test.each<readonly [change: string, after: string, expected: readonly string[]]>([
    ['a comment', `# new\n${util}`, []],
    ['another function', `${util}def four(): ...\n`, ['all of it']],
    ['an import', `import json\n${util}`, ['all of it']],
    ['the function', util.replace('one()', 'one(x)'), ['one', 'through all', 'all of it']],
    ['the class', util.replace('run(self)', 'run(self, x)'), ['run', 'all of it']],
    ['the name that was missing', `${util}three = 3\n`, ['none', 'all of it']],
    ['a star import', `${util}from json import *\n`, ['the module', 'none', 'all of it']],
    ['its own __all__', `${util}__all__ = ["Two"]\n`, ['through all', 'all of it']],
  ])('%s', (_, after, expected) => {
    expect([...touched(questions, texts, { ...texts, 'app/util.py': after })].sort()).toEqual([...expected].sort())
  })
})

describe('what names of models may hold counts name by name', () => {
  const MODELS = [
    'from sqlalchemy import JSON, DateTime, String',
    'from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship',
    'class Base(DeclarativeBase): ...',
    'class User(Base):',
    '    __tablename__ = "users"',
    '    id: Mapped[int] = mapped_column(primary_key=True)',
    '    name: Mapped[str] = mapped_column(String)',
    '    orders: Mapped[list["Order"]] = relationship()',
    'class Order(Base):',
    '    __tablename__ = "orders"',
    '    id: Mapped[int] = mapped_column(primary_key=True)',
    '    made = mapped_column(DateTime)',
    '    lines = mapped_column(JSON)',
    '',
  ].join('\n')
  const REPO = 'async def get_one(session, statement):\n    result = await session.execute(statement)\n    return result.scalar_one_or_none()\n'
  const texts: Texts = { 'app/__init__.py': '', 'app/main.py': '', 'app/models.py': MODELS, 'app/repo.py': REPO }
  const questions: readonly Question[] = [
    ['User', (project) => expect(project.ask(modelHoldersIndex, 'User')).toEqual({ classes: ['app.models.User'] })],
    ['name', (project) => expect(project.ask(modelHoldersIndex, 'name')).toEqual({ isMember: true })],
    ['orders', (project) => expect(project.ask(modelHoldersIndex, 'orders')).toEqual({ attributes: ['app.models.Order'], isMember: true, mayRead: true })],
    ['flag', (project) => expect(project.ask(modelHoldersIndex, 'flag')).toBeUndefined()],
    ['common', (project) => expect(project.ask(commonMembersIndex, 'all')).toContain('id')],
    ['time made', (project) => expect(project.ask(temporalColumnsIndex, 'made')).toBe(true)],
    ['time name', (project) => expect(project.ask(temporalColumnsIndex, 'name')).toBe(false)],
    ['collection lines', (project) => expect(project.ask(collectionColumnsIndex, 'lines')).toEqual(['app.models.Order'])],
    ['collection flag', (project) => expect(project.ask(collectionColumnsIndex, 'flag')).toBeUndefined()],
    ['ends get_one', (project) => expect(project.ask(terminalFunctionsIndex, 'get_one')).toEqual(['scalar_one_or_none'])],
    ['ends load', (project) => expect(project.ask(terminalFunctionsIndex, 'load')).toBeUndefined()],
  ]
  test.each<readonly [change: string, path: string, after: string, expected: readonly string[]]>([
    ['another column', 'app/models.py', MODELS.replace('class Order', '    flag: Mapped[bool]\nclass Order'), ['flag']],
    ['another column of JSON', 'app/models.py', `${MODELS}    flag = mapped_column(JSON)\n`, ['flag', 'collection flag']],
    ['another type', 'app/models.py', MODELS.replace('mapped_column(String)', 'mapped_column(DateTime)').replace('Mapped[str]', 'Mapped[object]'), ['time name']],
    ['a column that goes', 'app/models.py', MODELS.replace('    lines = mapped_column(JSON)\n', ''), ['collection lines']],
    ['another model of the name', 'app/main.py', 'from app.models import Base\nclass User(Base):\n    id: int\n', ['User']],
    ['no model at all', 'app/models.py', '', ['User', 'name', 'orders', 'common', 'time made', 'collection lines']],
    ['another function that ends so', 'app/repo.py', `${REPO}${REPO.replace('get_one', 'load')}`, ['ends load']],
  ])('%s', (_, path, after, expected) => {
    expect(touched(questions, texts, { ...texts, [path]: after })).toEqual(expected)
  })
})
