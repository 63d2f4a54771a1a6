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
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const packages = new Map<string, Record<string, string>>()
  for (const path of execFileSync('git', ['ls-files', '*/package.json'], {
    cwd: root,
    encoding: 'utf8',
  }).split('\n'))
    if (path !== '') {
      const manifest = JSON.parse(await readFile(join(root, path), 'utf8'))
      packages.set(manifest.name, manifest.scripts ?? {})
    }
  const missing: string[] = []
  for (const page of pages) {
    const text = await textOf(page)
    const local = JSON.parse(
      await readFile(join(root, dirname(page), 'package.json'), 'utf8').catch(() => '{}'),
    )
    const isNamed = /packages\/client/.test(text)
    for (const command of commandsIn(text)) {
      const [, script] = /^npm run ([\w:-]+)/.exec(command) ?? []
      const known = { ...scripts, ...local.scripts, ...(isNamed ? packages.get('@emailauth/client') : {}) }
      if (script !== undefined && !(script in known)) missing.push(`${page}: ${command}`)
      const [, name = '', verb = ''] = /pnpm --filter (\S+) (?:exec )?([\w:-]+)/.exec(command) ?? []
      if (name === '') continue
      const of = packages.get(name)
      const isBuiltIn = ['pack', 'vitest'].includes(verb)
      if (of === undefined || !(isBuiltIn || verb in of)) missing.push(`${page}: ${command}`)
    }
  }
  expect(missing).toEqual([])
})

test('every command and option of the CLI that a page names is there', async () => {
  const calls = new Map<string, string>()
  for (const page of pages)
    for (const command of commandsIn(await textOf(page)))
      for (const part of command.split(/\s*(?:&&|\||;|<\(|\$\()\s*/)) {
        const [, rest] = /^(?:\w+=\S* )*(?:npx )?emailauth ([a-z].*)$/.exec(part) ?? []
        if (rest !== undefined) calls.set(rest, page)
      }
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
  for (const [call, page] of calls) {
    const words = call.split(' ')
    let path = ''
    for (const word of words) {
      const isWord = /^[a-z][a-z-]*$/.test(word)
      if (!isWord || !new RegExp(`^ {2}${word}(?: |$)`, 'm').test(await helpOf(path))) break
      path = `${path} ${word}`.trim()
    }
    if (path === '') {
      wrong.push(`${page}: emailauth ${call}`)
      continue
    }
    for (const [option] of call.matchAll(/(?<=\s)--[a-z][a-z-]*/g))
      if (!(await helpOf(path)).includes(option)) wrong.push(`${page}: emailauth ${call}: ${option}`)
  }
  expect(wrong).toEqual([])
})

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
