import type { ResolvedConfig } from '@krait/core'
import type { DiscoveredProject } from '../discover/group-into-projects.ts'
import type { LintJob, ProjectJob } from './job.ts'

/** Makes a job of projects: each target gets its config, and equal configs travel once. */
export function planJob(projects: readonly DiscoveredProject[], overlay: ProjectJob['overlay'], rest: Omit<LintJob, 'projects'>): LintJob {
  return { ...rest, projects: projects.map((project) => planProject(project, overlay)) }
}

function planProject({ config, files, targets }: DiscoveredProject, overlay: ProjectJob['overlay']): ProjectJob {
  const configs: ResolvedConfig[] = []
  const indexes = new Map<ResolvedConfig, number>()
  return {
    root: config.root,
    files,
    targets: targets.map((path) => ({ path, config: indexOf(config.resolver.resolve(path)) })),
    configs,
    packs: config.plan.packs,
    overlay,
  }

  function indexOf(resolved: ResolvedConfig): number {
    let index = indexes.get(resolved)
    if (index === undefined) indexes.set(resolved, (index = configs.push(resolved) - 1))
    return index
  }
}
