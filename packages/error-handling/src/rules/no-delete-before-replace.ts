import type { Fix, SuggestionDescriptor } from '@krait/core'
import { argument, committedSession, defineRule, enclosingDefinition, excerpt, importedText, isScriptFile, isTestFile, ownCode, transactionBlock } from '@krait/python'
import type { CallNode, Flow, FlowPoint, PythonNode, PythonRuleContext } from '@krait/python'
import { deletedPath, isTemporary, writesPath } from '../shared/file-replacement.ts'
import { deletedRows, insertsRows } from '../shared/replaced-rows.ts'
import { deletingClient, storesBy } from '../shared/stored-objects.ts'

export interface DeleteBeforeReplaceOptions {
  /** Qualified names of classes whose objects are storage clients. */
  readonly storageClients: readonly string[]
}

type MessageId = 'file' | 'object' | 'rows' | 'useReplace'
type Context = PythonRuleContext<MessageId, readonly [DeleteBeforeReplaceOptions]>

const defaultOptions: readonly [DeleteBeforeReplaceOptions] = [{ storageClients: [] }]

/** The last names of all calls that delete something. */
const DELETING: ReadonlySet<string> = new Set('delete delete_blob delete_file delete_object exec execute remove remove_object rmtree scalars unlink'.split(' '))

export const noDeleteBeforeReplace = defineRule({
  name: 'no-delete-before-replace',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow deleting the old version before the new one exists',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      file: '`{{call}}` runs before the new {{target}} is written (line {{line}}): if that fails, both are gone. Write to a temporary name, and `os.replace()` the old one.',
      object: '`{{call}}` runs before the replacement is uploaded (line {{line}}): if the upload fails, there is none. Upload first, switch over, then delete the old one.',
      rows: '`{{call}}` is committed (line {{commit}}) before the new `{{target}}` rows are inserted (line {{line}}): if that fails, all are gone. Do both in one transaction.',
      useReplace: 'Use `os.replace()`',
    },
    schema: [
      {
        type: 'object',
        properties: { storageClients: { type: 'array', items: { type: 'string' }, uniqueItems: true } },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [{ storageClients }]) {
    if (isTestFile(context) || isScriptFile(context)) return {}
    return { call: check }

    function check(call: CallNode): void {
      const called = call.function
      const name = called?.kind === 'attribute' ? called.attribute : called
      if (name?.kind !== 'identifier' || (!DELETING.has(name.text) && !isRenamed(name))) return
      const code = enclosingDefinition(call) ?? call.closest('module')
      if (!code || isCleanUp(call)) return
      if (!checkFile(call, code) && !checkObject(call, code)) checkRows(call, code)
    }

    /** `from os import remove as rm`. */
    function isRenamed(name: PythonNode): boolean {
      return context.scopes.bindingOf(name)?.onlyDefinition?.node.kind === 'aliased_import'
    }

    function checkFile(call: CallNode, code: PythonNode): boolean {
      const path = deletedPath(context, call)
      if (!path || isTemporary(context, path)) return false
      const written = callsIn(code).filter((other) => other !== call && writesPath(context, other, path.text))
      const next = firstAfter(context, code, call, written, path)
      if (next) report(call, 'file', next, { target: `\`${path.text}\`` }, suggestReplace(call))
      return next !== null
    }

    function checkObject(call: CallNode, code: PythonNode): boolean {
      const client = deletingClient(context, call, storageClients)
      const stored = client ? callsIn(code).filter((other) => storesBy(other, client.text)) : []
      const next = client && firstAfter(context, code, call, stored, client)
      if (next) report(call, 'object', next, {}, null)
      return next !== null
    }

    function checkRows(call: CallNode, code: PythonNode): void {
      const rows = deletedRows(context, call)
      if (!rows) return
      const inserted = callsIn(code).filter((other) => insertsRows(context, other, rows))
      if (inserted.length === 0) return
      const flow = context.flow(code)
      for (const commit of commitsOf(flow, code, rows.session)) {
        const next = flow.canReach(call, commit, ONCE) ? inserted.find((insert) => flow.canReach(commit, insert, ONCE)) : undefined
        if (!next) continue
        report(call, 'rows', next, { target: rows.text, commit: commit.node.loc.start.line }, null)
        return
      }
    }

    /** Where a session is committed: by a call, or at the end of a block. */
    function commitsOf(flow: Flow, code: PythonNode, session: string): readonly FlowPoint[] {
      const commits = callsIn(code).filter((call) => committedSession(context, call)?.text === session)
      const blocks = flow.pointsInRole('with-exit').filter(({ node }) => node.kind === 'with_item' && transactionBlock(context, node)?.session?.text === session)
      return [...commits.flatMap((commit) => flow.pointsOf(commit)), ...blocks]
    }

    function report(call: CallNode, messageId: 'file' | 'object' | 'rows', next: CallNode, data: Readonly<Record<string, string | number>>, suggestion: SuggestionDescriptor<MessageId> | null): void {
      context.report({ node: call, messageId, data: { call: excerpt(call), line: next.loc.start.line, target: '', commit: '', ...data }, suggest: [suggestion] })
    }

    /** `os.replace(tmp, path)` for `path.unlink()` and `os.rename(tmp, path)`. */
    function suggestReplace(call: CallNode): SuggestionDescriptor<MessageId> | null {
      const statement = call.parent?.kind === 'expression_statement' ? call.parent : null
      const next = statement?.nextSibling
      const move = next?.kind === 'expression_statement' ? next.namedChildren[0] : null
      if (!statement || !next || move?.kind !== 'call' || !context.resolvesTo(move.function, MOVING)) return null
      const [source, target] = [argument(move, 'src', 0), argument(move, 'dst', 1)]
      const written = importedText(context, call, 'os.replace')
      if (!source || !target || !written || context.sourceCode.commentsIn([statement.start, next.end]).length > 0) return null
      return {
        messageId: 'useReplace',
        fix: (fixer): Fix[] => [
          ...(written.addImport ? [written.addImport(fixer)] : []),
          fixer.replaceTextRange([statement.start, next.end], `${written.text}(${source.text}, ${target.text})`),
        ],
      }
    }
  },
})

const MOVING = ['os.rename', 'shutil.move']
/** A way without a further round of a loop, on which nothing raises. */
const ONCE = { nextRounds: false, exceptions: 'none', consistent: true } as const

function callsIn(code: PythonNode): readonly CallNode[] {
  return [...ownCode(code)].filter((node) => node.kind === 'call')
}

/** The first of some calls to which a way leads from another one, on which nothing that `subject` is made of is bound anew. */
function firstAfter(context: Context, code: PythonNode, call: CallNode, calls: readonly CallNode[], subject: PythonNode): CallNode | null {
  const later = calls.filter(({ start }) => start > call.start)
  if (later.length === 0) return null
  const names = new Set([subject, ...subject.descendants('identifier', 'attribute')].map(({ text }) => text))
  const flow = context.flow(code)
  const bindsAnew = ({ node }: FlowPoint) => (node.kind === 'assignment' || node.kind === 'for_statement') && names.has(node.left.text)
  return later.find((other) => flow.canReach(call, other, { ...ONCE, avoiding: bindsAnew })) ?? null
}

/** What handlers and `finally` delete is cleaned up. */
function isCleanUp(call: CallNode): boolean {
  const around = call.closest('except_clause', 'finally_clause', 'function_definition', 'lambda', 'class_definition')
  return around?.kind === 'except_clause' || around?.kind === 'finally_clause'
}
