import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode, encode } from '@jridgewell/sourcemap-codec'

/**
 * Removes npm packages from the source maps; their frames keep the bundle's line. Node parses a map at the
 * first stack trace and keeps it: with the packages that took 59 MB in the gateway, and each collection of
 * the young generation took half as long again.
 */
export function removeDependenciesFromMaps(folder, { outputs }) {
  for (const output of Object.keys(outputs)) {
    if (!output.endsWith('.map')) continue
    const path = join(folder, output)
    const map = JSON.parse(readFileSync(path, 'utf8'))
    const isOurs = map.sources.map((source) => !source.includes('node_modules/'))
    let wasOurs = false
    // A segment is: column, source, line and column there. It holds until the next one, so one without a
    // source is left where a package begins.
    const lines = decode(map.mappings).map((line) =>
      line.flatMap((segment) => {
        const endsOurs = wasOurs
        wasOurs = isOurs[segment[1]] === true
        if (wasOurs) return [segment]
        return endsOurs ? [segment.slice(0, 1)] : []
      }),
    )
    // The sources keep their positions, because segments refer to them by index.
    const keep = (texts) => texts.map((text, index) => (isOurs[index] ? text : ''))
    const trimmed = {
      ...map,
      sources: keep(map.sources),
      sourcesContent: keep(map.sourcesContent),
      mappings: encode(lines),
    }
    writeFileSync(path, JSON.stringify(trimmed))
  }
}
