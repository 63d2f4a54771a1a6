import { expect, test } from 'vitest'
import type { Mail } from './mail/mail.ts'
import { createMessageStore } from './store.ts'

function mailOf(subject: string, bytes = 10): Mail {
  const nobody = { Name: '', Address: '' }
  return {
    raw: Buffer.alloc(bytes),
    envelope: { from: '', to: [] },
    messageId: '',
    subject,
    from: nobody,
    to: [],
    cc: [],
    bcc: [],
    replyTo: [],
    attachmentCount: 0,
    inlineCount: 0,
    snippet: '',
    words: '',
  }
}

const subjects = (store: ReturnType<typeof createMessageStore>) =>
  store.list().map(({ mail }) => mail.subject)

test('the newest is first, and ids are distinct', () => {
  const store = createMessageStore(undefined, () => new Date(5))
  const first = store.add(mailOf('a'))
  const second = store.add(mailOf('b'))
  expect(subjects(store)).toEqual(['b', 'a'])
  expect(store.find(first.id)?.receivedAt).toEqual(new Date(5))
  expect(first.id).not.toBe(second.id)
})

test('the oldest leave when there are too many', () => {
  const store = createMessageStore({ maxMessages: 2, maxBytes: 1000 })
  for (const subject of ['a', 'b', 'c']) store.add(mailOf(subject))
  expect(subjects(store)).toEqual(['c', 'b'])
})

test('the oldest leave when they are too much, and what was removed counts no longer', () => {
  const store = createMessageStore({ maxMessages: 100, maxBytes: 100 })
  const a = store.add(mailOf('a', 60))
  store.add(mailOf('b', 40))
  expect(subjects(store)).toEqual(['b', 'a'])
  store.remove([a.id, a.id, 'unknown'])
  store.add(mailOf('c', 60))
  expect(subjects(store)).toEqual(['c', 'b'])
  store.add(mailOf('d', 100))
  expect(subjects(store)).toEqual(['d'])
  store.clear()
  store.add(mailOf('e', 100))
  expect(subjects(store)).toEqual(['e'])
})

test('by default 1,000 mails and 64 MiB are kept', () => {
  const many = createMessageStore()
  for (let n = 0; n < 1001; n += 1) many.add(mailOf(String(n)))
  expect(many.list()).toHaveLength(1000)
  expect(subjects(many).at(-1)).toBe('1')
  const large = createMessageStore()
  for (let n = 0; n < 65; n += 1) large.add(mailOf(String(n), 1024 * 1024))
  expect(large.list()).toHaveLength(64)
})
