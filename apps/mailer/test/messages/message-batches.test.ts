import { messageBatchReply } from '@emailauth/contracts/messages'
import type { TestSmtp } from '@emailauth/testing/smtp'
import { expect, test } from 'vitest'
import { freshMailerForEachTest } from '../fresh-mailer.ts'
import { aMessage, type RunningMailer } from '../running-mailer.ts'

let smtp: TestSmtp
let mailer: RunningMailer
freshMailerForEachTest((fresh) => {
  ;({ smtp, mailer } = fresh)
})

test('a batch of 50 is answered in order, each item for itself', async () => {
  smtp.script.rcptTo = (address) => (address.startsWith('bad') ? { code: 550, text: '5.1.1 no' } : undefined)
  const requests = Array.from({ length: 50 }, (_, i) =>
    aMessage({
      email: i % 10 === 3 ? `bad${i}@example.com` : i % 10 === 7 ? 'no address' : `user${i}@example.com`,
    }),
  )
  const reply = await mailer.post('/v1/messages/batch', { requests })
  const { results } = messageBatchReply.parse(reply.json())
  const said = results.map((result) => ('message' in result ? result.message.messageId : result.problem.code))
  expect(said).toEqual(
    requests.map(({ messageId }, i) =>
      i % 10 === 3 ? 'email-rejected' : i % 10 === 7 ? 'bad-input' : messageId,
    ),
  )
  expect(smtp.mails).toHaveLength(40)
  expect(smtp.connections()).toBeLessThanOrEqual(20)
})

test('a batch that is answered in lines does not wait for its slowest mail', async () => {
  let release = () => {}
  const gate = new Promise<undefined>((open) => {
    release = () => open(undefined)
  })
  smtp.script.rcptTo = (address) => (address.startsWith('slow') ? gate : undefined)
  const requests = ['slow', 'ada', 'no address', 'bob'].map((name) =>
    aMessage({ email: name.includes(' ') ? name : `${name}@example.com` }),
  )
  const url = await mailer.app.listen({ host: '127.0.0.1', port: 0 })
  const reply = await fetch(`${url}/v1/messages/batch`, {
    method: 'POST',
    headers: { ...mailer.headers, 'content-type': 'application/json', accept: 'application/x-ndjson' },
    body: JSON.stringify({ requests }),
  })
  expect(reply.headers.get('content-type')).toBe('application/x-ndjson')
  const lines: { index: number; message?: { state: string }; problem?: { code: string } }[] = []
  let rest = ''
  for await (const piece of reply.body ?? []) {
    const texts = (rest + Buffer.from(piece).toString()).split('\n')
    rest = texts.pop() ?? ''
    lines.push(...texts.map((text) => JSON.parse(text)))
    if (lines.length === 3) release()
  }
  expect(lines.map(({ index }) => index).sort()).toEqual([0, 1, 2, 3])
  expect(lines.at(-1)).toMatchObject({ index: 0, message: { state: 'sent' } })
  expect(lines.find(({ index }) => index === 2)?.problem?.code).toBe('bad-input')
})

test('lines that are all there at once come in one piece', async () => {
  const requests = Array.from({ length: 20 }, () => aMessage())
  const reply = await mailer.post(
    '/v1/messages/batch',
    { requests },
    { accept: 'application/x-ndjson', prefer: 'respond-async' },
  )
  const lines = reply.body.trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line).message.messageId)).toEqual(
    requests.map(({ messageId }) => messageId),
  )
  expect(reply.headers['preference-applied']).toBe('respond-async')
})
