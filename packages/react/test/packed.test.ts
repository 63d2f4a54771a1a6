import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FULL } from '@emailauth/testing/full-form'
import { pack, projectWith, runProgram } from '@emailauth/testing/packed'
import { afterAll, beforeAll, expect, test } from 'vitest'

const modules = (path: string) => fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url))
const COMPILERS = { '7': modules('typescript/bin/tsc'), '5.9': modules('typescript-5.9/bin/tsc') }

const CONSUMER = `
import { type NumberFieldProblem, NumberField, useNumberField } from '@emailauth/react'
import { EmailauthNumberField } from '@emailauth/react/element'
import { fr, type NumberFieldTexts, textsIn } from '@emailauth/react/texts'
const texts: NumberFieldTexts = textsIn('fr-CH')
if (texts !== fr) throw new Error('no texts')
const problem: NumberFieldProblem = { code: 'RATE_LIMITED', retryAfterSeconds: 30 }
export const field = <NumberField digits={8} problem={problem} texts={texts} onResend={async () => ({ retryAfterSeconds: 30 })} />
export const tag: 'emailauth-number-field' extends keyof HTMLElementTagNameMap ? true : false = true
if (typeof NumberField !== 'function' || typeof useNumberField !== 'function') throw new Error('no field')
if (typeof EmailauthNumberField !== 'function') throw new Error('no element')
`

/** What the README's program takes from the reader's own. */
const OWN = `
import type { NumberFieldProblem } from '@emailauth/react'
declare function verify(form: FormData): Promise<void>
declare const problem: NumberFieldProblem
declare function resend(): Promise<{ retryAfterSeconds: number }>
`

/** `<emailauth-number-field>` in each framework's JSX. Solid's events have a name of its own. */
const inJsx = (framework: string, on: string) => `
import type {} from '@emailauth/react/jsx/${framework}'
export const field = (
  <emailauth-number-field digits="8" resend-after={30} ${on}number-change={({ detail }) => detail.number?.length}>
    <input name="number" />
  </emailauth-number-field>
)
// @ts-expect-error: an attribute that it does not have
export const wrong = <emailauth-number-field digit="8" />
// @ts-expect-error: other elements stay unknown
export const unknown = <emailauth-field />
`
const FRAMEWORKS = [
  ['react', 'react', 'on'],
  ['preact', 'preact', 'on'],
  ['solid', 'solid-js', 'on:'],
] as const

let folder: string
let tarball: string
let project: Awaited<ReturnType<typeof projectWith>>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emailauth-pack-'))
  tarball = await pack('packages/react', folder)
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  project = await projectWith(tarball, {
    'field.tsx': CONSUMER,
    'styled.cts': "import '@emailauth/react/number-field.css'\n",
    'readme.tsx': `${OWN}${/```tsx\n(.*?)```/s.exec(readme)?.[1]}`,
    'common.cjs':
      "if (typeof require('@emailauth/react').NumberField !== 'function') throw new Error('none')\n",
    ...Object.fromEntries(FRAMEWORKS.map(([name, , on]) => [`in-${name}.tsx`, inJsx(name, on)])),
  })
  for (const name of ['react', 'preact', 'solid-js', '@types'])
    await symlink(modules(name), join(project.folder, 'node_modules', name))
})
afterAll(async () => {
  await project?.remove()
  await rm(folder, { recursive: true, force: true })
})

test('the package is complete, needs React only where React is used, and knows nothing of the workspace', async () => {
  const at = join(project.folder, 'node_modules/@emailauth/react')
  const text = await readFile(join(at, 'package.json'), 'utf8')
  expect(text).not.toMatch(/"(types|default)": "\.\/src/)
  expect(JSON.parse(text)).toMatchObject({ license: 'MIT', repository: { directory: 'packages/react' } })
  expect(JSON.parse(text).dependencies ?? {}).toEqual({})
  const { output } = await runProgram('tar', ['-tzf', tarball])
  for (const file of [
    'LICENSE',
    'README.md',
    'CHANGELOG.md',
    'dist/number-field.css',
    'dist/number-field.css.d.ts',
    'dist/number-field.css.d.cts',
    'dist/number-field.d.cts',
  ]) {
    expect(output.split('\n')).toContain(`package/${file}`)
  }
  expect(output).not.toMatch(/src\/|\.test\.|tsconfig|build\.mjs/)
  const [component, element] = await Promise.all(
    ['number-field.js', 'element/element.js'].map((file) => readFile(join(at, 'dist', file), 'utf8')),
  )
  expect(component).toMatch(/^['"]use client['"]/)
  for (const built of [component ?? '', element ?? '']) expect(built).not.toMatch(/zod|node:|@emailauth\//)
  expect(element).not.toMatch(/from ?['"]react/)
})

test('npm is refused, because it would leave out the entry points', async () => {
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const { code, output } = await runProgram('npm', ['pack', '--pack-destination', folder], { cwd })
  expect(code).not.toBe(0)
  expect(output).toContain('Pack and publish this package with pnpm')
})

test('publint finds nothing, and attw in the full form', async () => {
  const unpacked = join(project.folder, 'node_modules/@emailauth/react')
  const lint = [modules('publint/src/cli.js'), '--strict', '--pack', 'false', unpacked]
  expect(await runProgram(process.execPath, lint)).toMatchObject({ code: 0 })
  // It compiles with the old compiler, which takes seconds.
  if (!FULL) return
  const types = await runProgram(process.execPath, [
    modules('@arethetypeswrong/cli/dist/index.js'),
    ...['--profile', 'node16', '--exclude-entrypoints', './number-field.css', '--', tarball],
  ])
  expect(types, types.output).toMatchObject({ code: 0 })
})

/** The old compiler takes seconds, and is tried on the client's declarations, made by the same script. */
const VERSIONS = FULL ? (['7', '5.9'] as const) : (['7'] as const)

test.each(VERSIONS)('TypeScript %s compiles a consumer, which runs, and the README', async (version) => {
  const config = `tsconfig.${version}.json`
  // Our declarations are checked, not those of TypeScript itself.
  const compilerOptions = {
    ...{ target: 'es2022', lib: ['es2023', 'dom', 'dom.iterable'], jsx: 'react-jsx', types: [] },
    ...{ module: 'nodenext', moduleResolution: 'nodenext', strict: true, exactOptionalPropertyTypes: true },
    ...{ skipLibCheck: false, skipDefaultLibCheck: true, outDir: `out-${version}`, rootDir: '.' },
  }
  await writeFile(
    join(project.folder, config),
    JSON.stringify({ compilerOptions, files: ['field.tsx', 'readme.tsx', 'styled.cts'] }),
  )
  const compiled = await project.run(process.execPath, [COMPILERS[version], '-p', config])
  expect(compiled, compiled.output).toEqual({ code: 0, output: '' })
  for (const file of [`out-${version}/field.js`, 'common.cjs']) {
    const ran = await project.run(process.execPath, [file])
    expect(ran, ran.output).toEqual({ code: 0, output: '' })
  }
})

test('the program of the README compiles for a bundler', async () => {
  const compilerOptions = {
    ...{ target: 'es2022', lib: ['es2023', 'dom', 'dom.iterable'], jsx: 'react-jsx', types: [] },
    ...{
      module: 'esnext',
      moduleResolution: 'bundler',
      strict: true,
      noEmit: true,
      skipDefaultLibCheck: true,
    },
  }
  await writeFile(
    join(project.folder, 'tsconfig.bundler.json'),
    JSON.stringify({ compilerOptions, files: ['readme.tsx'] }),
  )
  for (const compiler of FULL ? Object.values(COMPILERS) : [COMPILERS['7']]) {
    const compiled = await project.run(process.execPath, [compiler, '-p', 'tsconfig.bundler.json'])
    expect(compiled, compiled.output).toEqual({ code: 0, output: '' })
  }
})

test.each(FRAMEWORKS)('%s: JSX knows the element and its attributes', async (name, jsxImportSource) => {
  const compilerOptions = {
    ...{ target: 'es2022', lib: ['es2023', 'dom', 'dom.iterable'], types: [], strict: true, noEmit: true },
    ...{ jsx: name === 'solid' ? 'preserve' : 'react-jsx', jsxImportSource },
    ...{ module: 'esnext', moduleResolution: 'bundler', exactOptionalPropertyTypes: true },
  }
  const config = `tsconfig.${name}.json`
  await writeFile(
    join(project.folder, config),
    JSON.stringify({ compilerOptions, files: [`in-${name}.tsx`] }),
  )
  for (const version of VERSIONS) {
    const compiled = await project.run(process.execPath, [COMPILERS[version], '-p', config])
    expect(compiled, compiled.output).toEqual({ code: 0, output: '' })
  }
})
