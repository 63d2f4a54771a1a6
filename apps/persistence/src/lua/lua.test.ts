import { readdirSync, readFileSync } from 'node:fs'
import { includesOf } from '@emailauth/redis/include'
import luaparse from 'luaparse'
import { describe, expect, test } from 'vitest'

// What a script has without an include: Redis's Lua, and the locals of packages/redis/src/script.ts.
const GIVEN = new Set([
  ...['redis', 'struct', 'string', 'math', 'table', 'tonumber', 'tostring', 'ipairs', 'pairs', 'type'],
  ...['next', 'unpack', 'KEYS', 'ARGV', 'arg', 'each', 'before_each', 'after_all'],
])

interface Part {
  readonly includes: readonly string[]
  /** Names that the part uses and does not declare. */
  readonly free: readonly string[]
  readonly declares: readonly string[]
  /** Arguments that the head explains, and those that the rule uses. */
  readonly explained: readonly string[]
  readonly used: readonly string[]
}

const parts = (folder: string) =>
  readdirSync(new URL(`./${folder}/`, import.meta.url)).map((file): [name: string, part: Part] => [
    file.replace('.lua', ''),
    readPart(readFileSync(new URL(`./${folder}/${file}`, import.meta.url), 'utf8')),
  ])
const library = new Map(parts('lib'))
const all = [...library, ...parts('rules')]

describe.each(all)('%s.lua', (_, part) => {
  test('every name is declared here, by an included part, or given', () => {
    const known = new Set(part.includes.flatMap((name) => library.get(name)?.declares ?? []))
    expect(part.free.filter((name) => !GIVEN.has(name) && !known.has(name))).toEqual([])
  })

  test('every included part exists and is used', () => {
    const unused = part.includes.filter(
      (name) => !library.get(name)?.declares.some((declared) => part.free.includes(declared)),
    )
    expect(unused).toEqual([])
  })

  test('the head explains every argument that is used, and no other', () => {
    expect(part.used.filter((name) => !part.explained.includes(name))).toEqual([])
    // The values of a group may be used all at once, without their names.
    const unused = part.explained.filter((name) => !part.used.includes(name) && name.startsWith('arg.'))
    expect(unused).toEqual([])
  })

  test('no name of an included part is declared again', () => {
    const known = part.includes.flatMap((name) => library.get(name)?.declares ?? [])
    expect(part.declares.filter((name) => known.includes(name))).toEqual([])
  })
})

test('a misspelt name and a forgotten include are found', () => {
  expect(readPart('return redsi.call("TIME")').free).toEqual(['redsi'])
  expect(readPart('--- @include partition\nreturn prefix').includes).toEqual(['partition'])
})

function readPart(text: string): Part {
  const chunk = luaparse.parse(text, { luaVersion: '5.1', scope: true }) as luaparse.Chunk & {
    readonly globals: readonly luaparse.Identifier[]
  }
  const declares = chunk.body.flatMap((statement) => {
    if (statement.type === 'LocalStatement') return statement.variables.map(({ name }) => name)
    const isLocal = statement.type === 'FunctionDeclaration' && statement.isLocal
    return isLocal && statement.identifier?.type === 'Identifier' ? [statement.identifier.name] : []
  })
  const code = text.replaceAll(/--.*$/gm, '')
  return {
    includes: includesOf(text),
    free: chunk.globals.map(({ name }) => name),
    declares,
    explained: [...text.matchAll(/^-- ((?:arg|each)\.\w+) {2,}\S/gm)].map(([, name = '']) => name),
    used: [...code.matchAll(/\b(?:arg|each)\.(?!width\b)\w+/g)].map(([name]) => name),
  }
}
