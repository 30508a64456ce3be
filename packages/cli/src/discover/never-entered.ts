/** Folders that hold no source of the project: other people's packages, caches, and the data of version control. */
const names: ReadonlySet<string> = new Set([
  '.git', '.hg', '.svn', '.bzr', '.jj',
  '.venv', '.tox', '.nox', '.direnv', '.pyenv', '.eggs', '.pants.d', '__pypackages__', 'site-packages', 'node_modules',
  '__pycache__', '.mypy_cache', '.pytest_cache', '.ruff_cache', '.krait_cache', '.pytype', '.hypothesis', '.ipynb_checkpoints', '.cache',
])

/** The file that marks a virtual environment, whatever its folder is called. */
export const VIRTUAL_ENVIRONMENT_MARKER = 'pyvenv.cfg'

/** Whether a walk passes over folders of this name. One that the user names on the command line is entered all the same. */
export function isNeverEntered(folderName: string): boolean {
  return names.has(folderName)
}
