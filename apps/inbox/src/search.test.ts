import { expect, test } from 'vitest'
import { readMail } from './mail.ts'
import { searchMessages } from './search.ts'
import { createMessageStore } from './store.ts'

const store = createMessageStore()
const sources = {
  ada: 'From: Acme <no-reply@acme.test>\r\nTo: Ada Lovelace <Ada@example.com>\r\nSubject: Your number: 4829\r\nMessage-ID: <m1@acme.test>\r\n\r\nIt works once.',
  jose: 'From: bob@example.com\r\nTo: =?utf-8?Q?Jos=C3=A9?= <jose@example.com>\r\nCc: ada@example.com\r\nSubject: =?utf-8?Q?Tu_n=C3=BAmero?=\r\nContent-Type: text/html\r\n\r\n<style>.once{}</style><p>Vale <b>una</b> vez &amp; basta</p>',
}
const names = new Map<string, string>()
for (const [name, source] of Object.entries(sources)) {
  const envelope = { from: 'x@example.com', to: ['hidden@example.com'] }
  names.set(store.add(await readMail(Buffer.from(source), envelope)).id, name)
}
const search = (query: string) => searchMessages(store.list(), query).map(({ id }) => names.get(id))

test.each([
  ['to:ada@example.com', ['ada']],
  ['TO:ADA@EXAMPLE.COM', ['ada']],
  ['to:example.com', ['jose', 'ada']],
  ['to:"ada lovelace"', ['ada']],
  ['"to:ada lovelace"', ['ada']],
  ['cc:ada', ['jose']],
  ['bcc:hidden', ['jose', 'ada']],
  ['addressed:ada', ['jose', 'ada']],
  ['from:acme', ['ada']],
  ['subject:"your number"', ['ada']],
  ['subject:número', ['jose']],
  ['message-id:m1@acme', ['ada']],
  ['once', ['ada']],
  ['"una vez"', ['jose']],
  ['"vez & basta"', ['jose']],
  ['to:example.com subject:4829', ['ada']],
  ['to:ada to:jose', []],
  ['to:example.com -number', ['jose']],
  ['!to:ada', ['jose']],
  ['constructor:ada', []],
  ['to:"unclosed', []],
  ['" - ! :', ['jose', 'ada']],
  ['x'.repeat(100_000), []],
])('%j', (query, found) => {
  expect(search(query)).toEqual(found)
})
