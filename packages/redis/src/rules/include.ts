const INCLUDE = /^--- @include (\S+)$/gm

/** Parts that several scripts use, by the name that `--- @include` gives. */
export type ScriptLibrary = Readonly<Record<string, string>>

/**
 * Resolves the `--- @include name` lines of a script, also those of the included parts.
 * @returns the parts in the order in which one builds on another, each once. The script itself is the last.
 * @throws {Error} for a name that the library does not have.
 */
export function withIncludes(library: ScriptLibrary, script: string): readonly string[] {
  const parts = new Set<string>()
  const add = (part: string) => {
    if (parts.has(part)) return
    for (const name of includesOf(part)) {
      const included = library[name]
      if (included === undefined) throw new Error(`No part of the library is named ${name}.`)
      add(included)
    }
    parts.add(part)
  }
  add(script)
  return [...parts]
}

/** The names in the `--- @include` lines of one part. */
export function includesOf(part: string): string[] {
  if (!part.includes('--- @include ')) return []
  return [...part.matchAll(INCLUDE)].map(([, name = '']) => name)
}
