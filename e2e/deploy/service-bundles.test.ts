import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DIGEST_BYTES, readCodeCache } from '@emailauth/service/bundle/code-cache'
import { FLAGS } from '@emailauth/service/bundle/load-bundle'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

function bundleIn(dist: string): string {
  // Bundles of earlier builds may lie beside it.
  const name = /service-\w+\.cjs/.exec(readFileSync(join(dist, 'main.js'), 'utf8'))
  if (name === null) throw new Error(`no bundle in ${dist}`)
  return join(dist, name[0])
}

test.each(['gateway', 'persistence', 'mailer'])(
  'the source map of the %s has our files and no package',
  (service) => {
    const bundle = bundleIn(join(ROOT, 'apps', service, 'dist'))
    const map = new SourceMap(JSON.parse(readFileSync(`${bundle}.map`, 'utf8')))
    const lines = readFileSync(bundle, 'utf8').split('\n')
    const sourceOf = (text: string) => {
      const line = lines.findIndex((each) => each.includes(text))
      expect(line, text).toBeGreaterThan(0)
      const entry = map.findEntry(line, lines[line]?.indexOf(text) ?? 0)
      return 'originalSource' in entry ? entry.originalSource : undefined
    }
    expect(map.payload.sources.filter((source) => source.includes('node_modules'))).toEqual([])
    expect(sourceOf('"shutting down"')).toMatch(/packages\/service\/src\/.*\.ts$/)
    // A frame in a package keeps its place in the bundle, rather than that of our file before it.
    expect(sourceOf('FST_ERR_CTP_INVALID_MEDIA_TYPE')).toBeUndefined()
  },
)

interface LoadedModules {
  /** Node's modules, and packages by their wrappers' names, that a bundle loads before it starts. */
  readonly names: readonly string[]
  /** Bytes of V8's code cache when these modules have run, and nothing else. */
  readonly cacheSize: number
}

/** Notes when Node loads what it knows of languages: 18 ms of CPU. */
const NOTES_LANGUAGES = `
  Number.prototype.toLocaleString = () => (loaded.push('languages'), '')`

/** Runs the modules of a bundle without starting it. Both tests of a bundle use one run. */
const loadedModules = new Map<string, LoadedModules>()
function loadModules(bundle: string): LoadedModules {
  const known = loadedModules.get(bundle)
  if (known !== undefined) return known
  const program = `
    const { readFileSync } = require('node:fs')
    const [file] = process.argv.slice(1)
    const text = readFileSync(file, 'latin1')
    const noted = text.replace('__commonJS=(cb,mod)=>function(){try{return mod||', (head) => head + '(loaded.push(Object.keys(cb)[0]),0)||')
    if (noted === text) throw new Error('The wrapper of packages looks otherwise.')
    globalThis.loaded = []
    ${NOTES_LANGUAGES}
    const module = { exports: {} }
    const script = new (require('node:vm').Script)(noted)
    script.runInThisContext()(module.exports, require('node:module').createRequire(file), module, file, '')
    const own = process.moduleLoadList.filter((name) => /^NativeModule (?!internal)/.test(name))
    const cacheSize = script.createCachedData().length
    process.stdout.write(JSON.stringify({ names: [...loaded, ...own], cacheSize }))
    process.exit()`
  const found: LoadedModules = JSON.parse(
    execFileSync(process.execPath, ['-e', program, bundle], { encoding: 'utf8' }),
  )
  loadedModules.set(bundle, found)
  return found
}

test.each(['gateway', 'persistence', 'mailer', 'serve', 'inbox'])(
  'the code cache of the %s has the functions of a start and of calls',
  (service) => {
    const bundle = bundleIn(join(ROOT, 'apps', service, 'dist'))
    const { size } = statSync(`${bundle}.code-cache`)
    expect(size / loadModules(bundle).cacheSize).toBeGreaterThan(service === 'inbox' ? 1.05 : 1.3)
  },
)

test.for(['gateway', 'persistence', 'mailer', 'serve', 'inbox'])(
  'V8 takes the code cache of the %s: the run that wrote it has set all flags back',
  (service, { skip }) => {
    const bundle = bundleIn(join(ROOT, 'apps', service, 'dist'))
    skip(readCodeCache(bundle) === undefined, 'built by another version of Node')
    const program = `
      const { readFileSync } = require('node:fs')
      const [file, begin, ...flags] = process.argv.slice(1)
      for (const flag of flags) require('node:v8').setFlagsFromString(flag)
      const cachedData = readFileSync(file + '.code-cache').subarray(Number(begin))
      const script = new (require('node:vm').Script)(readFileSync(file, 'latin1'), { cachedData })
      process.stdout.write(String(script.cachedDataRejected))`
    const given = ['-e', program, '--', bundle, String(DIGEST_BYTES), ...FLAGS]
    expect(execFileSync(process.execPath, given, { encoding: 'utf8' })).toBe('false')
  },
)

test.each(['gateway', 'serve'])('graphql is in the %s once, as ES modules', (service) => {
  const bundle = readFileSync(bundleIn(join(ROOT, 'apps', service, 'dist')), 'utf8')
  const modules = [...bundle.matchAll(/\/node_modules\/graphql\/[\w/]+(\.\w+)"/g)].map(([, ending]) => ending)
  expect([...new Set(modules)]).toEqual(['.mjs'])
})

test.each([
  ['what sizes a cache', 'serve', /Array\.from\(\{length:\w+\}\)\.fill/],
  ['a function for each part of a path', 'serve', /path\w*\.indexOf\(prefix/],
  ['the schema as text, for a key', 'gateway', /\$\{computeCoreSchemaHash\(printSchema/],
  ['BullMQ on PostgreSQL', 'mailer', /\/bullmq\/dist\/\w+\/postgres\//],
  ['times of a calendar', 'mailer', /\/(luxon|cron-parser)\//],
])('%s is not in the %s', (_what, service, text) => {
  const bundle = readFileSync(bundleIn(join(ROOT, 'apps', service, 'dist')), 'utf8')
  expect(bundle.match(text)?.[0]).toBeUndefined()
})

test.each(['gateway', 'persistence', 'mailer', 'serve', 'inbox'])(
  'the %s loads late what it seldom needs',
  (service) => {
    const { names: loaded } = loadModules(bundleIn(join(ROOT, 'apps', service, 'dist')))
    expect(loaded.filter((name) => name.includes('/fastify/'))).not.toEqual([])
    const late = /node_modules\/(ajv|fast-json-stringify\/index|glob|yaml)\b|NativeModule http2|^languages$/
    expect(loaded.filter((name) => late.test(name))).toEqual([])
  },
)

/** A chunk, and all that is loaded together with it. */
function loadedWith(file: string, known = new Set<string>()): Set<string> {
  if (known.has(file)) return known
  known.add(file)
  for (const [, chunk = ''] of readFileSync(file, 'utf8').matchAll(/^(?:import|\}) .*"(\.\/.+\.js)";$/gm))
    loadedWith(join(file, '..', chunk), known)
  return known
}

const CLI = join(ROOT, 'apps/cli/dist')
const packagesIn = (files: readonly string[]) =>
  files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^\/\/ .*\/node_modules\/(.+)$/gm)].map(([, path = '']) => path),
  )

test('the start of a command loads neither undici and zod, nor what few commands need', () => {
  const start = packagesIn([...loadedWith(join(CLI, 'main.js'))])
  expect(start).toContain('commander/index.js')
  expect(start.filter((path) => /^(undici|zod|csv-parse|csv-stringify|@bomb\.sh)\//.test(path))).toEqual([])
})

test('the start of a command does not load what Node knows of languages', () => {
  const preload = `data:text/javascript,globalThis.loaded = [];${NOTES_LANGUAGES};
    process.once('exit', () => process.stderr.write('loaded: ' + loaded))`
  const args = ['--import', preload, join(CLI, '../bin/emailauth.js'), '--version']
  const { stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect(stderr).toBe('loaded: ')
})

test('the languages of zod are in no bundle', () => {
  const all = readdirSync(CLI).filter((name) => name.endsWith('.js'))
  const languages = packagesIn(all.map((name) => join(CLI, name))).filter((path) =>
    path.startsWith('zod/v4/locales/'),
  )
  expect([...new Set(languages)].sort()).toEqual(['zod/v4/locales/en.js', 'zod/v4/locales/index.js'])
})

test('the start of a command makes neither a segmenter of text nor the list of emoji', () => {
  const program = `
    const make = Intl.Segmenter
    Intl.Segmenter = function () { console.log('segmenter'); return new make() }
    const Pattern = RegExp
    RegExp = new Proxy(Pattern, { construct(of, [source, flags]) {
      if (String(source).includes('RGI_Emoji')) console.log('emoji')
      return Reflect.construct(of, [source, flags])
    } })`
  const preload = `data:text/javascript,${encodeURIComponent(program)}`
  const version = execFileSync(process.execPath, ['--import', preload, join(CLI, 'main.js'), '--version'])
  expect(String(version)).toMatch(/^\d+\.\d+\.\d+\n$/)
})
