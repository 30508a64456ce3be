import { defineProjectRule } from '@krait/python'

export const noDuplicateConstant = defineProjectRule({
  name: 'no-duplicate-constant',
  meta: {
    type: 'suggestion',
    docs: { description: 'Disallow constants that several modules define', preset: 'strict', severity: 'warn', since: '1.0.0' },
    messages: { again: '`{{name}}` is defined with the same value in {{other}}: one will be changed without the other. Import it from there.' },
    schema: [{ type: 'object', properties: { ignore: { type: 'array', items: { type: 'string' } } }, additionalProperties: false }],
  },
  defaultOptions: [{ ignore: [] as string[] }],
  check({ project, options: [{ ignore }], report }) {
    const first = new Map<string, string>()
    for (const path of project.files()) {
      for (const [name, member] of Object.entries(project.module(path)?.members ?? {})) {
        if (member.kind !== 'variable' || member.value?.kind !== 'literal' || !/^[A-Z]/.test(name) || ignore.includes(name)) continue
        const constant = `${name} = ${JSON.stringify(member.value)}`
        const other = first.get(constant)
        if (other === undefined) first.set(constant, path)
        else report({ path, member: name, messageId: 'again', data: { name, other }, related: [{ path: other, line: 1, column: 1, message: 'defined here, too' }] })
      }
    }
  },
})
