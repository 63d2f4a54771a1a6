import { expect, test } from 'vitest'
import { readMail } from '../mail/mail.ts'
import { createMessageStore } from '../store.ts'
import { parseDate } from './dates.ts'
import { searchMessages } from './search.ts'

const days = ['2026-11-26T23:30:00Z', '2026-11-27T12:00:00Z'].map((day) => new Date(day))
const store = createMessageStore(undefined, () => days.shift() ?? new Date(0))
const sources = {
  ada: 'From: Acme <no-reply@acme.test>\r\nTo: Ada Lovelace <Ada@example.com>\r\nSubject: Your number: 4829\r\nMessage-ID: <m1@acme.test>\r\n\r\nIt works once.',
  jose: 'From: bob@example.com\r\nTo: =?utf-8?Q?Jos=C3=A9?= <jose@example.com>\r\nCc: ada@example.com, kid@xn--bcher-kva.example\r\nSubject: =?utf-8?Q?Tu_n=C3=BAmero?=\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<style>.once{}</style><p>Vale <b>una</b> vez &amp; basta</p>\r\n--b\r\nContent-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment\r\n\r\n1,2\r\n--b--\r\n',
}
const names = new Map<string, string>()
for (const [name, source] of Object.entries(sources)) {
  const envelope = { from: 'x@example.com', to: ['hidden@example.com'] }
  names.set(store.add(await readMail(Buffer.from(source), envelope)).id, name)
}
const search = (query: string, timeZone = 'UTC') =>
  searchMessages(store.list(), query, timeZone).map(({ id }) => names.get(id))
const [, ada = ''] = store.list().map(({ id }) => id)
store.setRead([ada], true)

test.each([
  ['to:ada@example.com', ['ada']],
  ['TO:ADA@EXAMPLE.COM', ['ada']],
  ['to:example.com', ['jose', 'ada']],
  ['to:"ada lovelace"', ['ada']],
  ['"to:ada lovelace"', ['ada']],
  ['cc:ada', ['jose']],
  ['cc:kid@bücher.example', ['jose']],
  ['cc:kid@xn--bcher-kva', ['jose']],
  ['cc:KID@BÜCHER', ['jose']],
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
  ['"Your number: 4829"', ['ada']],
  ['"number: 4829"', ['ada']],
  ['http://ada', []],
  ['to:', ['jose', 'ada']],
  ['is:read', ['ada']],
  ['is:UNREAD', ['jose']],
  ['-is:unread', ['ada']],
  ['has:attachment', ['jose']],
  ['!has:attachments', ['ada']],
  ['has:inline', []],
  ['after:2026-11-27', ['jose']],
  ['before:2026-11-27', ['ada']],
  ['after:2026-11-27T12:00 before:2026-11-27T12:00:00Z', ['jose']],
  ['after:"2026-11-27 12:01"', []],
  ['after:2026-11-27T13:00+01:00', ['jose']],
  ['after:2026-11-27T12:00:00.123456789Z', ['jose']],
  ['larger:300', ['jose']],
  ['smaller:0.3k', ['ada']],
  ['larger:1M', []],
  ['to:"unclosed', []],
  ['" - ! :', ['jose', 'ada']],
  ['x'.repeat(100_000), []],
])('%j', (query, found) => {
  expect(search(query)).toEqual(found)
})

test.each([
  ['foo:bar', /unknown filter "foo:"; there are to: cc: .* smaller:\. Put the term in quotes/],
  ['-foo:bar', /unknown filter "foo:"/],
  ['constructor:ada', /unknown filter "constructor:"/],
  ['tag:x', /unknown filter "tag:"/],
  ['is:tagged', /unknown filter "is:tagged"; there are is:read is:unread/],
  ['has:', /unknown filter "has:"/],
  ['is:toString', /unknown filter/],
  ['before:yesterday', /"yesterday" is no date/],
  ['after:2026-02-31', /is no date/],
  ['after:2026-13-01', /is no date/],
  ['after:2026-00-01', /is no date/],
  ['after:2026-01-01T24:00', /is no date/],
  ['after:2026-011-27', /is no date/],
  ['after:2026-11-027', /is no date/],
  ['after:2026-11-27T010:00', /is no date/],
  ['after:2026-11-27T10:00:00.1234567890', /is no date/],
  ['after:', /is no date/],
  ['larger:big', /"big" is no size/],
  ['smaller:-1', /is no size/],
])('%s is refused in a sentence', (query, sentence) => {
  expect(() => search(query)).toThrow(sentence)
})

test('days are those of the time zone, also on the day when the clocks change', () => {
  expect(search('after:2026-11-27', 'Europe/Berlin')).toEqual(['jose', 'ada'])
  expect(search('after:2026-11-27', 'America/New_York')).toEqual(['jose'])
  expect(() => search('after:2026-11-27', 'Mars/Olympus')).toThrow('"Mars/Olympus" is no time zone')
  expect(parseDate('2026-03-29', 'Europe/Berlin')).toBe(Date.parse('2026-03-28T23:00:00Z'))
  expect(parseDate('2026-03-30', 'Europe/Berlin')).toBe(Date.parse('2026-03-29T22:00:00Z'))
  expect(parseDate('2026-10-26', 'Europe/Berlin')).toBe(Date.parse('2026-10-25T23:00:00Z'))
})

test.each([
  ['1795953599', 1795953599000],
  ['1795953599123', 1795953599123],
  ['2026', Date.parse('2026-01-01T00:00:00Z')],
  ['2026-11', Date.parse('2026-11-01T00:00:00Z')],
  ['2026-11-27T10:30:15.5-0130', Date.parse('2026-11-27T12:00:15Z')],
])('%s is read as a time', (written, at) => {
  expect(parseDate(written, 'UTC')).toBe(at)
})
