import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, root, test } from './system.ts'

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

test('the Node example makes the round trip', async ({ system }) => {
  const example = await readFile(join(root, 'docs/examples/sign-in.mjs'), 'utf8')
  const credentials = JSON.stringify(join(system.home, 'credentials.json'))
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', example.replace("'.emailauth/credentials.json'", credentials)],
    { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] },
  )
  let output = ''
  const asked = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk) => {
      output += chunk
      if (output.includes('Number: ')) resolve()
    })
  })
  await asked
  const [mail] = JSON.parse(
    (await system.cli(['inbox', '--to', 'grace@example.com', '--wait', '5', '--json'])).stdout,
  )
  child.stdin.end(`${mail.number}\n`)
  await once(child, 'close')
  expect(output).toContain('Welcome: session of grace@example.com')
})
