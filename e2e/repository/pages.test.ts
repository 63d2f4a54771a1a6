import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runProgram } from '@emailauth/testing/packed'
import { expect, test } from 'vitest'
import { runHere } from '../../apps/cli/test/run-here.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** All pages under version control, but changelogs. */
const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '' && !path.endsWith('CHANGELOG.md') && !path.startsWith('.changeset/'))
const textOf = (page: string) => readFile(join(root, page), 'utf8')

/** The lines of a page's shell blocks, continued lines joined, and its commands in running text. */
function commandsIn(text: string): string[] {
  const blocks = [...text.matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block)
  const lines = blocks.flatMap((block) => block.replaceAll('\\\n', ' ').split('\n'))
  const inline = [...text.replace(/```.*?```/gs, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)
  const indented = [...text.matchAll(/^ {4}((?:npx|npm|pnpm|emailauth) .*)$/gm)].map(([, line = '']) => line)
  return [...lines, ...indented, ...inline].map((line) => line.replace(/\s+#.*$/, '').trim())
}

test('no page types a package manager that nobody has, nor two variables for one key', async () => {
  for (const page of pages) {
    const commands = commandsIn(await textOf(page))
    expect([page, commands.filter((line) => /^(pnpm|yarn|turbo) [a-z-]/.test(line))]).toEqual([page, []])
    expect([page, commands.filter((line) => /(^|[^A-Z_])API_KEY\b/.test(line))]).toEqual([page, []])
  }
})

test('every script and package that a page names is there', async () => {
  const packages = await scriptsOfPackages()
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const missing: string[] = []
  for (const page of pages) {
    const text = await textOf(page)
    const local = JSON.parse(
      await readFile(join(root, dirname(page), 'package.json'), 'utf8').catch(() => '{}'),
    )
    const isNamed = /packages\/client/.test(text)
    const here = { ...scripts, ...local.scripts, ...(isNamed ? packages.get('@emailauth/client') : {}) }
    const unknown = commandsIn(text).filter((command) => !namesScripts(command, here, packages))
    missing.push(...unknown.map((command) => `${page}: ${command}`))
  }
  expect(missing).toEqual([])
})

test('test files that a command names are there', async () => {
  const listed = (...patterns: string[]) =>
    execFileSync('git', ['ls-files', ...patterns], { cwd: root, encoding: 'utf8' })
      .split('\n')
      .filter(Boolean)
  const files = listed('*.test.ts', '*.test.tsx', '*.test.js')
  const missing: string[] = []
  for (const place of [...pages, ...listed('.github/workflows')]) {
    for (const [, args = ''] of (await textOf(place)).matchAll(/vitest run((?: +[\w./-]+)+)/g)) {
      const names = args.split(' ').filter((arg) => arg !== '' && !arg.startsWith('-'))
      const unknown = names.filter((name) => !files.some((file) => file.includes(name)))
      missing.push(...unknown.map((name) => `${place}: ${name}`))
    }
  }
  expect(missing).toEqual([])
})

type Scripts = Readonly<Record<string, string>>

/** The scripts of each package, by its name. */
async function scriptsOfPackages(): Promise<ReadonlyMap<string, Scripts>> {
  const paths = execFileSync('git', ['ls-files', '*/package.json'], { cwd: root, encoding: 'utf8' })
  const packages = new Map<string, Scripts>()
  for (const path of paths.split('\n').filter(Boolean)) {
    const manifest = JSON.parse(await readFile(join(root, path), 'utf8'))
    packages.set(manifest.name, manifest.scripts ?? {})
  }
  return packages
}

/** Whether the scripts that a command runs are there, if it runs any. */
function namesScripts(command: string, here: Scripts, packages: ReadonlyMap<string, Scripts>): boolean {
  const [, script] = /^npm run ([\w:-]+)/.exec(command) ?? []
  if (script !== undefined && !(script in here)) return false
  const [, name = '', verb = ''] = /pnpm --filter (\S+) (?:exec )?([\w:-]+)/.exec(command) ?? []
  if (name === '') return true
  const scripts = packages.get(name)
  return scripts !== undefined && (['pack', 'vitest'].includes(verb) || verb in scripts)
}

test('every command and option of the CLI that a page names is there', async () => {
  const calls = new Map<string, string>()
  for (const page of pages) for (const call of callsIn(await textOf(page))) calls.set(call, page)
  expect(calls.size).toBeGreaterThan(20)
  const help = new Map<string, string>()
  const helpOf = async (path: string) => {
    const known = help.get(path)
    if (known !== undefined) return known
    const { stdout } = await runHere([...path.split(' ').filter(Boolean), '--help'])
    help.set(path, stdout)
    return stdout
  }
  const wrong: string[] = []
  const commandOf = async (call: string) => {
    let path = ''
    for (const word of call.split(' ')) {
      const isWord = /^[a-z][a-z-]*$/.test(word)
      if (!isWord || !new RegExp(`^ {2}${word}(?: |$)`, 'm').test(await helpOf(path))) break
      path = `${path} ${word}`.trim()
    }
    return path
  }
  for (const [call, page] of calls) {
    const path = await commandOf(call)
    if (path === '') {
      wrong.push(`${page}: emailauth ${call}`)
      continue
    }
    for (const [option] of call.matchAll(/(?<=\s)--[a-z][a-z-]*/g))
      if (!(await helpOf(path)).includes(option)) wrong.push(`${page}: emailauth ${call}: ${option}`)
  }
  expect(wrong).toEqual([])
})

/** What a page types behind `emailauth`. */
function callsIn(text: string): string[] {
  const parts = commandsIn(text).flatMap((command) => command.split(/\s*(?:&&|\||;|<\(|\$\()\s*/))
  const calls = parts.map((part) => /^(?:\w+=\S* )*(?:npx )?emailauth ([a-z].*)$/.exec(part)?.[1])
  return calls.filter((call) => call !== undefined)
}

test('every link to a file leads to one', async () => {
  const broken: string[] = []
  for (const page of pages)
    for (const [, target = ''] of (await textOf(page))
      .replace(/```.*?```/gs, '')
      .matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(https?:|mailto:|#)/.test(target)) continue
      const path = normalize(join(root, dirname(page), target.split('#')[0] ?? ''))
      if (!existsSync(path)) broken.push(`${page}: ${target}`)
    }
  expect(broken).toEqual([])
})

test('the quick start of the README compiles as it stands', async () => {
  const [, program = ''] = /```js\n(.*?)```/s.exec(await textOf('README.md')) ?? []
  expect(program).toContain("from '@emailauth/client'")
  const folder = join(root, 'node_modules/.cache/quick-start')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'quick-start.mts'), program)
  const options = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--types',
    'node',
    '--skipLibCheck',
    // Here the client is its source; what is published is compiled by its own tests.
    '--allowImportingTsExtensions',
  ]
  const tsc = join(root, 'node_modules/.bin/tsc')
  const ended = await runProgram(tsc, [...options, join(folder, 'quick-start.mts')], { cwd: root })
  await rm(folder, { recursive: true })
  expect(ended).toEqual({ code: 0, output: '' })
})
