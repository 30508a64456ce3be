import { readdirSync } from 'node:fs'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'
import { isRulePack, workspacePackages } from './scripts/lib/workspace.mjs'

const typescript = ['**/*.ts', '**/*.mts']
const packages = workspacePackages().map(({ folder }) => folder)
const packs = workspacePackages().filter(isRulePack).map(({ folder }) => folder)

/** What a package's sources may import of ours. A package that is not named here may import all of them. */
const arrows = new Map([
  ['core', []],
  ['python', ['core']],
  ['rule-tester', ['core', 'python']],
  ...packs.map((pack) => [pack, ['core', 'python']]),
])

/** Packages that run in a browser too. */
const portable = ['core', 'python', ...packs]
const portableSources = portable.map((name) => `packages/${name}/src/**/*.ts`)
const knowsNode = ['packages/python/src/node.ts']

/** Core's last stages in the order of the pipeline: none imports from a later one, and the other folders from none of them. */
const stages = ['check', 'filter', 'fix']
const coreFolders = readdirSync(new URL('packages/core/src', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

const typesOnly = {
  regex: '^@typescript-eslint/utils',
  allowTypeImports: true,
  message: 'Its runtime pulls in TypeScript and ESLint: import its types only.',
}

export default defineConfig(
  {
    ignores: [
      '**/dist/**', '**/coverage/**', '**/.krait_cache/**', '**/.vitepress/**', '**/fixtures/**',
      '**/generated/**', '**/*.generated.ts', 'ecosystem/**', 'bench/results/**',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.recommended,
  {
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'object-shorthand': 'error',
      'no-else-return': 'error',
      'no-constant-condition': ['error', { checkLoops: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_', varsIgnorePattern: '^_+$', caughtErrors: 'all' }],
      // Indexed access under noUncheckedIndexedAccess: an index known to be in range says so with `!`.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    // Rules are synchronous: what needs types is about promises, and is left out for the packs because it costs most of the time.
    files: typescript,
    ignores: [...packs.map((pack) => `packages/${pack}/**`), 'examples/**'],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
    },
  },
  { files: typescript, rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [typesOnly] }] } },
  ...packages.map((name) => ({
    files: [`packages/${name}/src/**/*.ts`],
    ignores: knowsNode,
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: importPatterns(name) }] },
  })),
  ...coreFolders.map((folder) => ({
    files: [`packages/core/src/${folder}/**/*.ts`],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [...importPatterns('core'), ...laterStages(folder)] }] },
  })),
  {
    files: portableSources,
    ignores: knowsNode,
    rules: {
      'no-restricted-globals': ['error', ...['process', 'Buffer', 'global', 'require', '__dirname', '__filename', 'setImmediate'].map((name) => ({
        name, message: 'This package runs in a browser too: only the command line knows Node.',
      }))],
    },
  },
  {
    files: ['packages/*/tests/**/*.ts'],
    rules: {
      'no-restricted-properties': ['error', ...['it', 'test', 'describe'].flatMap((object) => ['only', 'skip', 'todo'].map((property) => ({
        object, property, message: 'A test runs, or it is not there.',
      })))],
    },
  },
  { files: ['packages/cli/src/**', 'packages/create-pack/**', 'scripts/**', 'bench/**', 'packages/*/scripts/**'], rules: { 'no-console': 'off' } },
)

function importPatterns(name) {
  const allowed = arrows.get(name)
  const patterns = [typesOnly, { regex: '^\\.{1,2}/.*/src/', message: 'Import another package by its name.' }]
  if (allowed) {
    patterns.push({
      regex: `^(?:krait|eslint-plugin-krait|@krait/(?!(?:${allowed.join('|') || '$^'})(?:/|$)).*)$`,
      message: `@krait/${name} may import ${allowed.map((other) => `@krait/${other}`).join(' and ') || 'no package'} of this workspace${allowed.length > 0 ? ' and nothing else of it' : ''}.`,
    })
  }
  if (portable.includes(name)) patterns.push({ regex: '^(?:node:|@krait/python/node$)', message: 'This package runs in a browser too: only the command line knows Node.' })
  return patterns
}

function laterStages(folder) {
  const later = stages.slice(stages.indexOf(folder) + 1)
  if (later.length === 0) return []
  return [{ regex: `^\\.\\./(?:${later.join('|')})/`, message: `'${folder}' comes before ${later.join(', ')} in the pipeline.` }]
}
