import { createReporter, reporterNames } from '/work/main/packages/cli/src/reporters/create-reporter.ts'
const src = 'import os\n\ndef f(order):\n\ttry:\n\t\tsave(order, "日本👩‍👩‍👧é")\n\texcept ValueError:\n\t\tpass\n' + 'x = [' + '1, '.repeat(200) + 'utcnow(), ' + '2, '.repeat(300) + ']\n'
const range = [0, 1]
const f = (o) => ({ ruleId: 'error-handling/no-silent-except', severity: 2, messageId: 'silent', message: "'ValueError' is caught and dropped: log it with its context, re-raise it.", range, line: 6, column: 2, endLine: 7, endColumn: 7, ...o })
const report = { root: '/r', toolVersion: '0.1.0', rules: new Map(), files: [
 { filePath: '/r/app/é a.py', displayPath: 'app/é a.py', projectRoot: '/r/app', source: src, suppressed: [], findings: [
  f({ line: 5, column: 15, endLine: 5, endColumn: 28, severity: 1, fix: {range:[3,5], text:'x'} }), f({ suggestions: [{desc: 'Re-raise it', fix: {range, text: ''}}], related: [{path: 'db.py', line: 3, column: 1, message: 'raised here'}] }),
  f({ line: 3, column: 1, endLine: 8, endColumn: 3 }),
  f({ line: 8, column: 606, endLine: 8, endColumn: 614, ruleId: 'datetime/no-utcnow', message: 'deprecated @router.get a|b' }) ] },
 { filePath: '/r/app/b.py', displayPath: 'app/b.py', projectRoot: '/r', source: 'x', suppressed: [], findings: [] } ] }
for (const name of process.argv.slice(2).length ? process.argv.slice(2) : reporterNames) { console.log('=====', name); process.stdout.write((await createReporter(name, { color: name === 'stylish' && !!process.env.C }))(report)) }
