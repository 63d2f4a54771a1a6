import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeCredentials } from '../../src/connection/credentials.ts'
import { runHere } from '../run-here.ts'

const mail = (id: string, subject: string) => ({
  ID: id,
  To: [{ Name: '', Address: 'ada@example.com' }],
  Subject: subject,
  Created: '2026-11-20T10:00:00.000Z',
})

let folder: string
let server: Server
let asked: string[]
/** What the next list holds. */
let lists: object[][]
beforeEach(async () => {
  asked = []
  lists = []
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const messages = lists.length > 1 ? lists.shift() : lists[0]
    const body = request.url?.startsWith('/api/v1/message/')
      ? { Text: 'Your number is 1234 5678.' }
      : { messages: messages ?? [] }
    response.end(JSON.stringify(body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  folder = await mkdtemp(join(tmpdir(), 'emailauth-cli-'))
  await mkdir(join(folder, '.emailauth'))
  const inboxUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const credentials = { url: 'http://127.0.0.1:1', apiKey: 'k', adminKey: 'k', inboxUrl }
  await writeCredentials(join(folder, '.emailauth', 'credentials.json'), credentials)
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await rm(folder, { recursive: true })
})

const inbox = (...args: string[]) => runHere(['inbox', ...args], { folder })

test('--json gives id, to, subject, number and time; a number that is not in the subject is read from the text', async () => {
  const other = { ...mail('c', '1111 2222'), To: [{ Address: 'ada@example.com.au' }] }
  lists = [[other, mail('b', '8765-4321 is your number'), mail('a', 'Your number')]]
  const { exitCode, stdout } = await inbox('--to', 'Ada@EXAMPLE.com', '--json')
  const common = { to: 'ada@example.com', createdAt: '2026-11-20T10:00:00.000Z' }
  expect([exitCode, JSON.parse(stdout)]).toEqual([
    0,
    [
      { id: 'b', subject: '8765-4321 is your number', number: '87654321', ...common },
      { id: 'a', subject: 'Your number', number: '12345678', ...common },
    ],
  ])
  expect(asked[0]).toBe('/api/v1/search?limit=1000&query=to%3AAda%40EXAMPLE.com')
})

test('without --to it shows the newest of all', async () => {
  lists = [[mail('b', '8765 4321 is your number')]]
  expect((await inbox('--first', '3')).stdout).toMatch(
    /^NUMBER\s+TO\s+SUBJECT\s+CAME\n87654321\s+ada@example.com\s/,
  )
  expect(asked).toEqual(['/api/v1/messages?limit=3'])
})

test('none: exit code 0 without --wait, 3 with it', async () => {
  expect(await inbox('--json')).toMatchObject({ exitCode: 0, stdout: '[]\n' })
  expect(await inbox('--json', '--wait', '1')).toMatchObject({ exitCode: 3, stdout: '[]\n' })
  expect((await inbox('--to', 'x@y', '--wait', '1')).stderr).toBe('No mail for x@y came within 1 s.\n')
})

test('--wait answers as soon as one is there', async () => {
  lists = [[], [], [mail('b', '8765 4321 is your number')]]
  expect(await inbox('--wait', '60', '--json')).toMatchObject({ exitCode: 0 })
})

test('an inbox that does not answer: 6', async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
  expect(await inbox()).toMatchObject({ exitCode: 6, stdout: '' })
})
