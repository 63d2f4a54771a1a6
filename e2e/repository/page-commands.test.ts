import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runProgram } from '@emailauth/testing/packed'
import { startSystem, type TestSystem } from '@emailauth/testing/system'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BY_HAND, ELSEWHERE, RUN, SAME } from './page-commands.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const pages = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((page) => page !== '' && existsSync(join(root, page)) && !/CHANGELOG|^\.changeset\//.test(page))

let system: TestSystem
const folders: string[] = []
beforeAll(async () => {
  system = await startSystem()
  // The pages all write to the same people.
  const often = ['tenants', 'update', 'demo', '--mails-per-address', '100/1m']
  const cli = join(root, 'apps/cli/bin/emailauth.js')
  const env = { EMAILAUTH_HOME: system.home }
  expect(await runProgram(process.execPath, [cli, ...often], { env })).toMatchObject({ code: 0 })
})
afterAll(async () => {
  await system?.stop()
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

/** The commands of a page, each with the lines that it goes on in: of `sh` blocks, and indented ones. */
async function commandsOf(page: string): Promise<string[]> {
  const text = await readFile(join(root, page), 'utf8')
  const blocks = [...text.matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block)
  const prose = text.replace(/```.*?```/gs, '')
  const indented = [...prose.matchAll(/^ {4}((?:npx|npm|node|cd|echo|emailauth|[A-Z_]+=\S+ npx) .*)$/gm)]
  return [...blocks.flatMap((block) => block.split(/(?<!\\)\n/)), ...indented.map(([, line = '']) => line)]
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}

const isElsewhere = (command: string) =>
  [...Object.keys(ELSEWHERE), ...BY_HAND].some((start) => command.startsWith(start))
const isMarked = (command: string) => command.includes('†')

test('every command of every page is run by a test, is minutes long, or is marked with †', async () => {
  const unknown: string[] = []
  const used = new Set<string>()
  for (const page of pages) {
    const text = await readFile(join(root, page), 'utf8')
    for (const command of await commandsOf(page)) {
      for (const start of [...Object.keys(ELSEWHERE), ...BY_HAND])
        if (command.startsWith(start)) used.add(start)
      if (isMarked(command)) expect(text, page).toContain('marked with †')
      else if (!isElsewhere(command) && !(page in RUN) && !SAME.includes(page))
        unknown.push(`${page}: ${command}`)
    }
  }
  expect(unknown, 'To be put into e2e/repository/page-commands.ts, or marked with †').toEqual([])
  // What no page prints any more has no place in the lists.
  expect([...Object.keys(ELSEWHERE), ...BY_HAND].filter((start) => !used.has(start))).toEqual([])
  for (const [command, file] of Object.entries(ELSEWHERE))
    expect(existsSync(join(root, file)), `${command}: ${file}`).toBe(true)
})

/** What stands for the reader's own values. */
const FUNCTIONS = `
npx() { "$@"; }
fromJson() { node -p "const all = JSON.parse(fs.readFileSync(0, 'utf8')); $1"; }
numberOf() { emailauth inbox --to "$1" --wait 20 --json | fromJson 'all[0].number'; }
identityOf() { emailauth identities --email "$1" --json | fromJson '(all.nodes[0] ?? { id: "demo.AGhV3kq1x0oJ2mN7bQd5t1w" }).id'; }
endpoint() { emailauth webhooks list --json | fromJson 'all[0].id'; }
secret() { node -p "JSON.parse(fs.readFileSync('.emailauth/secrets.json')).$1"; }
eventId() { emailauth events --type REGISTERED --first 1 --json | fromJson 'all[0].cursor'; }
`

test.each(Object.entries(RUN))(
  'the commands of %s run as printed',
  async (page, { given, own, prints }) => {
    const folder = await mkdtemp(join(tmpdir(), 'emailauth-page-'))
    folders.push(folder)
    // What a command finds in a clone. The running system keeps its files in \`.emailauth\`.
    await symlink(system.home, join(folder, '.emailauth'))
    for (const part of ['apps', 'packages', 'scripts', 'node_modules'])
      await symlink(join(root, part), join(folder, part))
    await cp(join(root, 'deploy'), join(folder, 'deploy'), { recursive: true })
    await mkdir(join(folder, 'home'))
    const commands = (await commandsOf(page)).filter((command) => !isElsewhere(command) && !isMarked(command))
    expect(commands.length).toBeGreaterThan(0)
    const [host = ''] = /127\.0\.0\.1:\d+/.exec(system.url) ?? []
    const script = [FUNCTIONS, given ?? '', ...commands.map((command) => withOwn(command, own))].join('\n')
    const ended = await runProgram(
      'bash',
      ['--norc', '-eu', '-o', 'pipefail', '-c', script.replaceAll('127.0.0.1:4000', host)],
      {
        cwd: folder,
        env: {
          PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
          HOME: join(folder, 'home'),
          NO_COLOR: '1',
          EMAILAUTH_PERSISTENCE_URL: system.persistenceUrl,
        },
      },
    )
    expect(ended, `${script}\n${ended.output}`).toMatchObject({ code: 0 })
    for (const expected of prints ?? []) expect(ended.output).toMatch(expected)
  },
  300_000,
)

function withOwn(command: string, own: Readonly<Record<string, string>> = {}): string {
  return Object.entries(own).reduce((text, [printed, words]) => text.replaceAll(printed, words), command)
}
