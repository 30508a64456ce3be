// Holds krait's view of the models of a project against SQLAlchemy's: `node bench/models/compare.mjs krait.json python.json`. See README.md.
import { readFileSync } from 'node:fs'

const [ours, theirs] = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, 'utf8')))
const byName = new Map()
for (const model of Object.values(ours)) if (!byName.has(model.name)) byName.set(model.name, model)
const tablesOfModels = new Set(Object.values(theirs.models).map(({ table }) => table))

const KINDS = ['models', 'Core tables', 'table names', 'columns', 'nullable', 'primary keys', 'unique keys', 'indexes', 'foreign keys', 'relationships', 'target', 'uselist', 'direction', 'secondary', 'lazy', 'cascade']
const counts = new Map(KINDS.map((kind) => [kind, { same: 0, unknown: 0, different: 0 }]))
const differences = []

for (const [name, model] of Object.entries(theirs.models)) compareModel(name, byName.get(name), model)
for (const [table, model] of Object.entries(theirs.tables)) {
  const found = Object.values(ours).find((candidate) => candidate.kind === 'table' && candidate.table === table)
  count('Core tables', table, found !== undefined, true)
  if (found) compareTable(table, found, model)
}
for (const model of Object.values(ours)) {
  const isKnown = model.kind === 'class' ? Object.hasOwn(theirs.models, model.name) : Object.hasOwn(theirs.tables, model.table) || tablesOfModels.has(model.table)
  if (!isKnown) console.log(`only krait has ${model.kind} ${model.name} (${model.path})`)
}

for (const line of differences) console.log(line)
console.log('\n| kind | of SQLAlchemy | same | unknown to krait | different | same |\n|---|---:|---:|---:|---:|---:|')
for (const [kind, { same, unknown, different }] of counts) {
  const total = same + unknown + different
  if (total > 0) console.log(`| ${kind} | ${total} | ${same} | ${unknown} | ${different} | ${((same / total) * 100).toFixed(1)} % |`)
}

function compareModel(name, our, their) {
  count('models', name, our !== undefined, true)
  if (!our) return
  count('table names', name, our.table, their.table)
  compareTable(name, our, their)
  countItems('relationships', name, Object.keys(our.relationships), Object.keys(their.relationships), !our.closed)
  for (const [attribute, relationship] of Object.entries(their.relationships)) {
    const found = our.relationships[attribute]
    if (!found) continue
    const place = `${name}.${attribute}`
    count('target', place, found.target, relationship.target)
    count('uselist', place, found.uselist, relationship.uselist)
    if (!relationship.viewonly || found.direction !== null) count('direction', place, found.direction, relationship.direction)
    if (relationship.secondary !== null) count('secondary', place, found.secondary && tableOf(found.secondary), relationship.secondary)
    count('lazy', place, found.lazy ?? 'select', relationship.lazy ?? 'select')
    if (found.cascade !== undefined) count('cascade', place, found.cascade && found.cascade.join(), relationship.cascade.join())
  }
}

function compareTable(name, our, their) {
  countItems('columns', name, Object.keys(our.columns), Object.keys(their.columns), !our.closed)
  for (const [attribute, column] of Object.entries(their.columns)) {
    const found = our.columns[attribute]
    if (!found) continue
    if (found.name !== column.name) differences.push(`name of ${name}.${attribute}: ${found.name}, not ${column.name}`)
    count('nullable', `${name}.${attribute}`, found.nullable, column.nullable)
  }
  count('primary keys', name, our.primaryKey.join(), their.primaryKey.join())
  countItems('unique keys', name, our.unique, their.unique, our.hasUnknownKeys)
  countItems('indexes', name, our.indexes, their.indexes, our.hasUnknownKeys)
  countItems('foreign keys', name, our.foreignKeys.map(withTables), their.foreignKeys, false)
}


function countItems(kind, name, our, their, mayHaveMore) {
  for (const item of their) {
    const isHere = our.includes(item)
    const isUnknown = !isHere && (mayHaveMore || our.some((other) => other.includes('?') && other.split(' -> ')[0] === item.split(' -> ')[0]))
    count(kind, `${name}: ${item}`, isHere ? true : isUnknown ? null : false, true)
  }
  for (const item of our) if (!their.includes(item) && !item.includes('?')) count(kind, `${name}: only krait has ${item}`, false, true)
}

function count(kind, place, our, their) {
  const number = counts.get(kind)
  if (our === their) number.same++
  else if (our === null) number.unknown++
  else number.different++
  if (our !== their) differences.push(`${our === null ? 'unknown' : 'DIFFERENT'} ${kind} ${place}${typeof our === 'boolean' && kind !== 'nullable' && kind !== 'uselist' ? '' : `: ${our}, not ${their}`}`)
}

/** `user_id -> app.models.User.id` with the table's name in place of the model's. */
function withTables(key) {
  return key
    .split(', ')
    .map((part) => {
      const [column, target] = part.split(' -> ')
      const dot = target.lastIndexOf('.')
      return `${column} -> ${target === '?' ? '?' : `${tableOf(target.slice(0, dot))}.${target.slice(dot + 1)}`}`
    })
    .join(', ')
}

function tableOf(name) {
  return byName.get(name.replace(/\.__table__(\.c)?$|\.c$/, ''))?.table ?? name
}
