import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { System } from '../system/running-system.ts'
import { expect, root, test } from '../system/system.ts'

/** The README's shell blocks, as printed. */
async function shellBlocks(): Promise<string[]> {
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  return [...readme.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block ?? '')
}

/** Runs a README script in the repository, with this test's system in place of the default port. */
async function runAsPrinted(script: string, system: { url: string; home: string }): Promise<string> {
  const adapted = script
    .replaceAll('http://127.0.0.1:4000', system.url)
    .replaceAll('.emailauth/credentials.json', join(system.home, 'credentials.json'))
  const child = spawn('bash', ['-euc', adapted], {
    cwd: root,
    env: { ...process.env, EMAILAUTH_HOME: system.home, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  const [code] = await once(child, 'close')
  expect(code, output).toBe(0)
  return output
}

test('the commands that follow npm start work as printed', async ({ system }) => {
  const block = (await shellBlocks()).find((text) => text.includes('emailauth verify')) ?? ''
  const [register = '', inbox = '', verify = ''] = block.trim().split('\n')
  await runAsPrinted(register, system)
  const shown = await runAsPrinted(inbox, system)
  const [number = ''] = /\d{4} \d{4} \d{4}/.exec(shown) ?? []
  expect(await runAsPrinted(verify.replace('1234 5678 9012', number), system)).toBe('hello\n')
})

test('the curl example works as printed', async ({ system }) => {
  const block = (await shellBlocks()).find((text) => text.includes('curl')) ?? ''
  const reply = JSON.parse(await runAsPrinted(block, system))
  expect(reply.data.register).toMatchObject({ __typename: 'Registered', delivery: 'SENT' })
})

/** Runs a program in the repository and answers its question with the number that was mailed. */
async function signsIn(program: string, email: string, system: System): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: root,
    env: { ...process.env, EMAILAUTH_API_KEY: system.apiKey },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let output = ''
  const asked = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk) => {
      output += chunk
      if (output.includes('Number: ')) resolve()
    })
  })
  await asked
  const [mail] = JSON.parse((await system.cli(['inbox', '--to', email, '--wait', '60', '--json'])).stdout)
  child.stdin.end(`${mail.number}\n`)
  await once(child, 'close')
  return output
}

test('the Node example makes the round trip', async ({ system }) => {
  const example = await readFile(join(root, 'docs/examples/sign-in.mjs'), 'utf8')
  const credentials = JSON.stringify(join(system.home, 'credentials.json'))
  const program = example.replace("'.emailauth/credentials.json'", credentials)
  const output = await signsIn(program, 'grace@example.com', system)
  expect(output).toContain('Welcome: session of grace@example.com')
})

test('the program of the README makes it as printed', async ({ system }) => {
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  const [, program = ''] = /```js\n(.*?)```/s.exec(readme) ?? []
  // The other example has just mailed to Grace.
  const adapted = program
    .replace('http://127.0.0.1:4000', system.url)
    .replace('grace@example.com', 'hopper@example.com')
  expect(await signsIn(adapted, 'hopper@example.com', system)).toContain('session 7')
})
