import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { root } from '../setup/setup.mjs'

const IMPORT = /(?:from|import) '([^']+)'|import\('([^']+)'\)|^--- @include ([\w/-]+)/gm

/** The file of the repository that an import names, or undefined for one of a library. */
function resolve(from, name, luaFiles) {
  if (from.endsWith('.lua'))
    return luaFiles.find((file) => file.endsWith(`/lib/${name}.lua`) || file.endsWith(`/${name}.lua`))
  if (name.startsWith('.')) return normalize(join(dirname(from), name.replace(/\?.*$/, '')))
  const [, folder, file] = /^@emailauth\/(\w+)\/(.+)$/.exec(name) ?? []
  if (folder === undefined) return undefined
  const manifest = join(root, 'packages', folder, 'package.json')
  if (!existsSync(manifest)) return undefined
  const target = JSON.parse(readFileSync(manifest, 'utf8')).exports?.[`./${file}`]
  return `packages/${folder}/${typeof target === 'string' ? target.slice(2) : `src/${file}.ts`}`
}

let importers
function importersOf(files) {
  if (importers !== undefined) return importers
  importers = new Map()
  const luaFiles = files.filter((file) => file.endsWith('.lua'))
  for (const file of files) {
    if (!/\.(ts|tsx|mjs|js|lua)$/.test(file) || !existsSync(join(root, file))) continue
    for (const [, one, two, three] of readFileSync(join(root, file), 'utf8').matchAll(IMPORT)) {
      const target = resolve(file, one ?? two ?? three, luaFiles)
      if (target === undefined) continue
      const list = importers.get(target) ?? []
      list.push(file)
      importers.set(target, list)
    }
  }
  return importers
}

const wordsOf = (path) =>
  path
    .replace(/^(apps|packages)\/[^/]+\//, '')
    .toLowerCase()
    .match(/[a-z]{4,}/g) ?? []
const stem = (word) => word.replace(/(ies|es|s|y)$/, '')

/** Tests that start many servers or run long: they come after the others. */
const SLOW =
  'cluster failover model moving-slots network other-servers outage replicated-writes restore soak'.split(' ')
const isSlow = (test) => SLOW.includes(basename(test, '.test.ts'))

/** Tests that are tables of constants: of the topic in their name, or of everything. */
const ABOUT_CONSTANTS = /\/(\w+-)?(bounds|formats|hygiene|lifetimes|limits)\.test\.ts$/

/**
 * The tests that reach a file by imports. First come those that are few imports away or share a word with it.
 * So do those that write its number out or name it. Tests that start whole systems (e2e) are left out:
 * they take too long for each of hundreds of constants.
 */
export function nearestTests(file, files, { id, expression }) {
  const graph = importersOf(files)
  const distances = new Map([[file, 0]])
  for (const [reached, distance] of distances)
    for (const importer of graph.get(reached) ?? [])
      if (!distances.has(importer)) distances.set(importer, distance + 1)

  const home = file.split('/').slice(0, 2).join('/')
  const name = id.split('#')[1]
  const ofFile = wordsOf(file.replace(/\/(src|lua|rules|lib|store)\//g, '/'))
  const topics = new Set([...ofFile, ...wordsOf(name)].map(stem))
  const number = /^\d[\d_.]{2,}$/.test(expression) ? new RegExp(`\\b${expression}\\b`) : undefined
  /** How much a test is about the constant: it imports it, or has its name or its number. */
  const mentions = (test) => {
    const text = readFileSync(join(root, test), 'utf8')
    if (text.includes(name) && distances.get(test) === 1) return 8
    return text.includes(name) || number?.test(text) ? 3 : 0
  }
  const isTableFor = (test, shared) =>
    ABOUT_CONSTANTS.test(test) && (distances.get(test) === 1 || shared > 0 || !basename(test).includes('-'))
  const rank = (test) => {
    const shared = new Set(
      wordsOf(test)
        .map(stem)
        .filter((word) => topics.has(word)),
    ).size
    return (
      distances.get(test) -
      4 * shared +
      (test.startsWith(`${home}/`) ? 0 : 4) +
      (test.includes('/src/') ? 0 : 1) +
      (isSlow(test) ? 6 : 0) -
      (isTableFor(test, shared) ? 3 : 0) -
      mentions(test)
    )
  }
  return [...distances.keys()]
    .filter(
      (test) =>
        /\.test\.tsx?$/.test(test) &&
        !test.startsWith('e2e/') &&
        (home === 'apps/admin' || !test.startsWith('apps/admin/')),
    )
    .map((test) => [rank(test), test])
    .sort(([a, one], [b, two]) => a - b || one.localeCompare(two))
    .map(([, test]) => test)
}
