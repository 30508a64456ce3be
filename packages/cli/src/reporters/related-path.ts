import path from 'node:path'
import type { RelatedPlace } from '@krait/core'
import type { Report, ReportedFile } from './reporter.ts'

/** The absolute path of a place related to one of the file's findings. */
export function absoluteRelatedPath(file: ReportedFile, place: RelatedPlace): string {
  return path.resolve(file.projectRoot, place.path)
}

/** The path of a related place as it is shown: relative to the report's root, with `/`. */
export function relatedDisplayPath(report: Report, file: ReportedFile, place: RelatedPlace): string {
  const relative = path.relative(report.root, absoluteRelatedPath(file, place))
  return path.sep === '\\' ? relative.replaceAll('\\', '/') : relative
}
