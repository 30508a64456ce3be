import type { ResolvedConfig } from '@krait/core'
import type { DiscoveredProject } from '../discover/group-into-projects.ts'
import { withAlembicConfigs } from '../discover/read-alembic-configs.ts'
import { isInside, relativePath } from '../discover/relative-path.ts'
import type { LintJob, ProjectJob } from './job.ts'
import type { Overlay } from './overlay.ts'

/** Makes a job of projects: each target gets its config, and equal configs travel once. */
export function planJob(projects: readonly DiscoveredProject[], overlay: Overlay, rest: Omit<LintJob, 'projects'>): LintJob {
  return { ...rest, projects: projects.map((project) => planProject(project, overlay)) }
}

function planProject({ config, files, targets, changes, alembicConfigs }: DiscoveredProject, overlay: Overlay): ProjectJob {
  const configs: ResolvedConfig[] = []
  const indexes = new Map<ResolvedConfig, number>()
  return {
    root: config.root,
    files,
    targets: targets.map((path) => ({ path, config: indexOf(config.resolver.resolve(path)) })),
    configs,
    packs: config.plan.packs,
    settings: withAlembicConfigs(config.resolver.resolve('').settings, config.root, alembicConfigs),
    ...splitOverlay(config.root, overlay),
    changes: changes ?? null,
  }

  function indexOf(resolved: ResolvedConfig): number {
    let index = indexes.get(resolved)
    if (index === undefined) indexes.set(resolved, (index = configs.push(resolved) - 1))
    return index
  }
}

/** The texts of one project, and its files without a text. */
function splitOverlay(root: string, overlay: Overlay): Pick<ProjectJob, 'overlay' | 'refused'> {
  const inProject = [...overlay].filter(([path]) => isInside(root, path)).map(([path, content]) => [relativePath(root, path), content] as const)
  return {
    overlay: Object.fromEntries(inProject.flatMap(([path, content]) => ('text' in content ? [[path, content.text]] : []))),
    refused: Object.fromEntries(inProject.flatMap(([path, content]) => ('reason' in content ? [[path, content.reason]] : []))),
  }
}
