import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { includesOf } from '@emailauth/redis/rules/include'
import luaparse from 'luaparse'
import { describe, expect, test } from 'vitest'

// What a script has without an include: Redis's Lua, the locals of packages/redis/src/rules/script.ts, and
// the names of arguments (rule.ts).
const GIVEN = new Set([
  ...[
    'redis',
    'struct',
    'string',
    'math',
    'table',
    'tonumber',
    'tostring',
    'ipairs',
    'pairs',
    'type',
    'setmetatable',
  ],
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

const root = new URL('../../', import.meta.url)
const files = execFileSync('git', ['ls-files', '*.lua'], { cwd: root, encoding: 'utf8' }).trim().split('\n')
const all = files.map((file): [file: string, part: Part] => [
  file,
  readPart(readFileSync(new URL(file, root), 'utf8')),
])

/** The parts of a service's own library lie in its folders, and `clock` in packages/redis. */
function included(file: string, name: string): Part | undefined {
  const [, service = ''] = /^(apps\/[^/]+\/)/.exec(file) ?? []
  return all.find(
    ([path]) => path.endsWith(`/${name}.lua`) && (path.startsWith(service) || path.startsWith('packages/')),
  )?.[1]
}

test('the rules of all services are looked at', () => {
  expect(files.filter((file) => file.startsWith('apps/persistence/')).length).toBeGreaterThan(30)
  expect(files.filter((file) => file.startsWith('apps/mailer/')).length).toBeGreaterThan(20)
})

describe.each(all)('%s', (file, part) => {
  test('every name is declared here, by an included part, or given', () => {
    const known = new Set(part.includes.flatMap((name) => included(file, name)?.declares ?? []))
    expect(part.free.filter((name) => !GIVEN.has(name) && !known.has(name))).toEqual([])
  })

  test('every included part exists and is used', () => {
    const unused = part.includes.filter(
      (name) => !included(file, name)?.declares.some((declared) => part.free.includes(declared)),
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
    const known = part.includes.flatMap((name) => included(file, name)?.declares ?? [])
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
