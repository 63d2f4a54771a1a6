import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FULL } from '@emailauth/testing/full-form'
import { pack, projectWith, runProgram } from '@emailauth/testing/packed'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { consumerCommonJs, consumerModule } from './consumer.ts'
import { startConsumerServer } from './consumer-server.ts'

// The short form of `npm run matrix`, which takes other versions of Node, Bun, Deno and workerd as well.
const bin = (path: string) => fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url))
const COMPILERS = { '7': bin('typescript/bin/tsc'), '5.9': bin('typescript-5.9/bin/tsc') }

let server: Awaited<ReturnType<typeof startConsumerServer>>
let folder: string
let tarball: string
let project: Awaited<ReturnType<typeof projectWith>>
beforeAll(async () => {
  server = await startConsumerServer()
  const { url } = server
  folder = await mkdtemp(join(tmpdir(), 'emailauth-pack-'))
  tarball = await pack('packages/client', folder)
  project = await projectWith(tarball, {
    'module.mts': consumerModule(url, 'redirects'),
    'common.cts': consumerCommonJs(url, 'redirects'),
  })
})
afterAll(async () => {
  server?.close()
  await project?.remove()
  await rm(folder, { recursive: true, force: true })
})

test('the manifest is complete, and knows nothing of the workspace', async () => {
  const text = await readFile(join(project.folder, 'node_modules/@emailauth/client/package.json'), 'utf8')
  const manifest = JSON.parse(text)
  expect(text).not.toMatch(/workspace:|catalog:|\.\/src\//)
  expect(manifest).toMatchObject({
    license: 'MIT',
    repository: { directory: 'packages/client' },
    engines: { node: expect.stringContaining('20.19') },
    publishConfig: { access: 'public', provenance: true },
  })
  expect(manifest.dependencies ?? {}).toEqual({})
  expect(manifest.private).toBeUndefined()
  const { output } = await runProgram('tar', ['-tzf', tarball])
  for (const file of ['LICENSE', 'README.md', 'CHANGELOG.md', 'dist/client.d.ts', 'dist/client.d.cts']) {
    expect(output.split('\n')).toContain(`package/${file}`)
  }
  expect(output).not.toMatch(/src\/|\.test\.|tsconfig|codegen/)
})

test('npm is refused, because it would leave out the entry points', async () => {
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const { code, output } = await runProgram('npm', ['pack', '--pack-destination', folder], { cwd })
  expect(code).not.toBe(0)
  expect(output).toContain('Pack and publish this package with pnpm')
})

test('publint finds nothing, and attw in the full form', async () => {
  const unpacked = join(project.folder, 'node_modules/@emailauth/client')
  const lint = await runProgram(process.execPath, [
    bin('publint/src/cli.js'),
    '--strict',
    '--pack',
    'false',
    unpacked,
  ])
  expect(lint, lint.output).toMatchObject({ code: 0 })
  // It compiles with the old compiler, which takes seconds. Consumers of both kinds are compiled below.
  if (!FULL) return
  const types = await runProgram(process.execPath, [
    bin('@arethetypeswrong/cli/dist/index.js'),
    '--profile',
    'node16',
    tarball,
  ])
  expect(types, types.output).toMatchObject({ code: 0 })
})

// The old compiler takes seconds.
const FULL_ONLY = FULL ? ([['5.9', 'bundler']] as const) : []

test.each([['7', 'nodenext'], ['7', 'bundler'], ['5.9', 'nodenext'], ...FULL_ONLY] as const)(
  'TypeScript %s with %s compiles a consumer, and libraries are checked',
  async (version, resolution) => {
    const config = `tsconfig.${version}.${resolution}.json`
    const compilerOptions = {
      target: 'es2022',
      lib: ['es2023', 'dom', 'dom.iterable'],
      module: resolution === 'bundler' ? 'esnext' : 'nodenext',
      moduleResolution: resolution,
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      // Our declarations are checked, not those of TypeScript itself.
      skipDefaultLibCheck: true,
      outDir: `out-${version}-${resolution}`,
      rootDir: '.',
    }
    const files = resolution === 'bundler' ? ['module.mts'] : ['module.mts', 'common.cts']
    await writeFile(join(project.folder, config), JSON.stringify({ compilerOptions, files }))
    const compiled = await project.run(process.execPath, [COMPILERS[version], '-p', config])
    expect(compiled, compiled.output).toEqual({ code: 0, output: '' })
    for (const file of files) {
      const built = join(compilerOptions.outDir, file.replace('.mts', '.mjs').replace('.cts', '.cjs'))
      const ran = await project.run(process.execPath, [built])
      expect(ran, ran.output).toEqual({ code: 0, output: 'works\n' })
    }
  },
)

/** What the README's programs take from the reader's own. */
const OWN = `
declare const process: { env: Record<string, string | undefined> }
declare const request: Request
declare function handle(event: unknown): Promise<void>
declare function yourHandler(request: Request): Promise<Response>
`

test('each program of the README compiles', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const programs = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, program = '']) => program)
  expect(programs.length).toBeGreaterThan(4)
  const files = await Promise.all(
    programs.map(async (program, index) => {
      const file = `readme-${index}.mts`
      const client = program.includes('const emailauth')
        ? ''
        : "import type { EmailauthClient } from '@emailauth/client'\ndeclare const emailauth: EmailauthClient\n"
      const secret = program.includes('{ secret }') ? '' : 'declare const secret: string\n'
      await writeFile(join(project.folder, file), `${client}${secret}${OWN}${program}\nexport {}\n`)
      return file
    }),
  )
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2023', 'dom', 'dom.iterable'],
    module: 'nodenext',
    types: [],
    strict: true,
    skipDefaultLibCheck: true,
    noEmit: true,
  }
  await writeFile(join(project.folder, 'tsconfig.readme.json'), JSON.stringify({ compilerOptions, files }))
  const compiled = await project.run(process.execPath, [COMPILERS['7'], '-p', 'tsconfig.readme.json'])
  expect(compiled, compiled.output).toEqual({ code: 0, output: '' })
})
