import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { pathToFileURL } from 'node:url'

/**
 * From now on stack traces name the TypeScript files that a bundle was made of. Its map (`….map`) is read at
 * the first stack trace that somebody looks at. Node's own `--enable-source-maps` reads it at the start, and
 * does not know scripts of `node:vm`.
 * @param file the bundle's absolute path
 */
export function mapStackTraces(file: string): void {
  const url = pathToFileURL(file).href
  /** undefined: not read yet. null: there is none. */
  let map: SourceMap | null | undefined

  function textOf(site: NodeJS.CallSite): string {
    const text = String(site)
    const [line, column] = [site.getLineNumber(), site.getColumnNumber()]
    if (site.getFileName() !== url || line === null || column === null) return text
    if (map === undefined) map = readMap(file)
    const source = map?.findEntry(line - 1, column - 1)
    // npm packages have no sources in the map.
    if (source === undefined || !('originalSource' in source) || !source.originalSource) return text
    const { originalSource, originalLine, originalColumn } = source
    const position = `${new URL(originalSource, url)}:${originalLine + 1}:${originalColumn + 1}`
    return text.replace(`${url}:${line}:${column}`, () => position)
  }

  Error.prepareStackTrace = (error, sites) =>
    [headOf(error), ...sites.map((site) => `    at ${textOf(site)}`)].join('\n')
}

/** Name and message, as a stack trace begins; Node's own errors have their code behind the name. */
function headOf(error: Error & { readonly code?: unknown }): string {
  try {
    const head = Error.prototype.toString.call(error)
    const { name, code } = error
    const isOfNode = typeof code === 'string' && code.startsWith('ERR_') && head.startsWith(`${name}: `)
    return isOfNode ? `${name} [${code}]${head.slice(name.length)}` : head
  } catch {
    return '<error>'
  }
}

function readMap(file: string): SourceMap | null {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')))
  } catch {
    return null
  }
}
