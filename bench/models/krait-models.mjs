// What krait knows of the models of a project, as JSON: `node bench/models/krait-models.mjs FOLDER > krait.json`. See README.md.
import { readFileSync, readdirSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'

const isSource = process.execArgv.some((argument) => argument.includes('krait-source'))
const load = (name, entry = 'index') => import(`../../packages/${name}/${isSource ? `src/${entry}.ts` : `dist/${entry}.js`}`)
const [{ Project }, { createPythonLanguage }, { loadPython }] = await Promise.all([load('core'), load('python'), load('python', 'node')])

const SKIPPED = /(^|\/)(\.[^/]*|node_modules|site-packages|__pycache__)(\/|$)/
const root = resolve(process.argv[2] ?? '.')
const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.py'))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
  .filter((path) => !SKIPPED.test(path))
  .sort()
const languages = [createPythonLanguage(await loadPython())]
const project = new Project({ files, languages, settings: {}, read: (path) => readFileSync(join(root, path), 'utf8') })
const services = languages[0].createServices({ sourceCode: project.source(files[0]), reader: project.reader(), settings: {} })

const models = {}
for (const model of services.project.models()) {
  const nameOf = (attribute) => model.columns.find((column) => column.attribute === attribute)?.name ?? attribute
  const keysFrom = (...sources) => model.uniqueKeys.filter(({ from }) => sources.includes(from)).map(({ columns }) => columns.map(nameOf).sort().join())
  models[`${model.path}:${model.name}`] = {
    name: model.name,
    path: model.path,
    kind: model.kind,
    table: model.table,
    closed: model.closed,
    hasUnknownKeys: model.hasUnknownKeys,
    columns: Object.fromEntries(model.columns.map(({ attribute, name, nullable, primaryKey, family }) => [attribute, { name, nullable, primaryKey, family }])),
    primaryKey: model.columns.filter(({ primaryKey }) => primaryKey).map(({ name }) => name).sort(),
    unique: [...new Set(keysFrom('column', 'constraint', 'index'))].sort(),
    indexes: [...new Set(model.indexes.map(({ columns }) => columns.map(nameOf).join()))].sort(),
    foreignKeys: model.foreignKeys
      .map(({ columns, targets }) => columns.map((column, i) => `${nameOf(column)} -> ${targets[i] ?? '?'}`).sort().join(', '))
      .sort(),
    relationships: Object.fromEntries(
      model.relationships.map(({ attribute, target, uselist, direction, secondary, backPopulates, lazy, viewonly, cascade }) => [
        attribute,
        { target, uselist, direction, secondary, backPopulates, lazy, viewonly, cascade },
      ]),
    ),
  }
}
process.stdout.write(`${JSON.stringify(models, null, 1)}\n`)
