/** Where git is run. Plain JSON: it travels to workers. */
export interface GitPlace {
  /** Absolute. */
  readonly folder: string
  /** Whether the environment's variables that name a repository, such as git sets them for its hooks, name the one around the folder. */
  readonly isOfEnvironment: boolean
}

/** What names a repository, from `git rev-parse --local-env-vars`; variables that hold configuration stay. */
const REPOSITORY_VARIABLES = [
  'GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_COMMON_DIR', 'GIT_OBJECT_DIRECTORY', 'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_NAMESPACE', 'GIT_SHALLOW_FILE', 'GIT_GRAFT_FILE', 'GIT_REPLACE_REF_BASE', 'GIT_IMPLICIT_WORK_TREE', 'GIT_INTERNAL_SUPER_PREFIX',
]

/** The environment for git processes. */
export function environmentFor({ isOfEnvironment }: GitPlace): NodeJS.ProcessEnv {
  // Messages are compared; and looking must not take the lock that a commit at the same time needs.
  const environment: NodeJS.ProcessEnv = { ...process.env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' }
  // It would win over --unified (git(1)).
  delete environment['GIT_DIFF_OPTS']
  if (!isOfEnvironment) for (const name of REPOSITORY_VARIABLES) delete environment[name]
  return environment
}
