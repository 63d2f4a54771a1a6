import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { CpuProfile } from './inspector.ts'

/** Microseconds that functions were on top of the stack, by "name  file". */
export type SelfTimes = Map<string, number>

const maps = new Map<string, SourceMap | undefined>()

/** Adds the self times of a profile; waiting counts for nothing. */
export function addSelfTimes(times: SelfTimes, profile: CpuProfile): void {
  const locations = new Map(profile.nodes.map(({ id, callFrame }) => [id, locationOf(callFrame)]))
  for (const [i, id] of profile.samples.entries()) {
    const location = locations.get(id) ?? ''
    // A sample stands for the time until the next one.
    if (location !== '(idle)')
      times.set(location, (times.get(location) ?? 0) + (profile.timeDeltas[i + 1] ?? 0))
  }
}

/** A function's name, and its file where it has one. */
export function locationOf({
  functionName,
  url,
  lineNumber,
  columnNumber,
}: CpuProfile['nodes'][number]['callFrame']): string {
  const name = functionName || '(anonymous)'
  if (url === '') return name
  if (!url.startsWith('file:')) return `${name}  ${url}`
  const found = sourceMapOf(url)?.findEntry(lineNumber, columnNumber)
  // The maps leave out what comes from npm packages (scripts/build/bundle-maps.mjs).
  if (found === undefined || !('originalSource' in found) || found.originalSource === undefined)
    return `${name}  ${url.split('/').at(-1)}:${lineNumber + 1}`
  return `${name}  ${shortPath(found.originalSource)}:${found.originalLine + 1}`
}

function sourceMapOf(url: string): SourceMap | undefined {
  if (!maps.has(url)) {
    try {
      maps.set(url, new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, 'utf8'))))
    } catch {
      // Not every file has a map; its functions then bear the file's name.
      maps.set(url, undefined)
    }
  }
  return maps.get(url)
}

/** A package's file without the way to it, or a file of ours from the repository's root. */
export function shortPath(path: string): string {
  return path
    .replace(/^.*node_modules\//, '')
    .replace(/^.*?(?=(apps|packages)\/[^/]+\/src\/)/, '')
    .replace(/^(\.\.\/)+/, '')
}
