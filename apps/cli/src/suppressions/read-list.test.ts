import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { readList } from './read-list.ts'

async function read(...pieces: (string | Buffer)[]) {
  const lines = []
  for await (const line of readList(Readable.from(pieces.map((piece) => Buffer.from(piece)))))
    lines.push(line)
  return lines
}

test('an address on each line, in whatever pieces they come', async () => {
  const addresses = [
    { line: 1, address: { email: 'ada@example.com' } },
    { line: 3, address: { email: 'bücher@example.com' } },
  ]
  const text = 'ada@example.com\r\n\r\n  bücher@example.com  '
  expect(await read(text)).toEqual(addresses)
  expect(await read(...[...Buffer.from(text)].map((byte) => Buffer.from([byte])))).toEqual(addresses)
})

test('CSV with a head, as this program writes it and as providers do', async () => {
  expect(
    await read(
      '\ufeffemail,reason,suppressedAt\n',
      'a@example.com,"550 5.1.1 <a@example.com>, ""gone""\nfor good",2026-01-02T03:04:05.000Z\n',
      "'=b@example.com,\"'=cmd;'+cmd\",\n",
    ),
  ).toEqual([
    {
      line: 3,
      address: {
        email: 'a@example.com',
        reason: '550 5.1.1 <a@example.com>, "gone"\nfor good',
        suppressedAt: '2026-01-02T03:04:05.000Z',
      },
    },
    { line: 4, address: { email: '=b@example.com', reason: '=cmd;+cmd' } },
  ])
  expect(await read('status;reason;Email Address;created\n5.1.1;gone;a@example.com;1767323045\n')).toEqual([
    {
      line: 2,
      address: { email: 'a@example.com', reason: 'gone', suppressedAt: '2026-01-02T03:04:05.000Z' },
    },
  ])
  expect(await read('address\tcode\terror\na@example.com\t550\tno such user\n')).toEqual([
    { line: 2, address: { email: 'a@example.com', reason: 'no such user' } },
  ])
})

test('a time of 9 or 10 digits is in seconds', async () => {
  const readTime = async (time: string) => (await read(`email,created\na@example.com,${time}\n`))[0]
  expect(await readTime('999999999')).toMatchObject({ address: { suppressedAt: '2001-09-09T01:46:39.000Z' } })
  expect(await readTime('1767323045')).toMatchObject({
    address: { suppressedAt: '2026-01-02T03:04:05.000Z' },
  })
  // Milliseconds without a fraction would be the year 2530.
  expect(await readTime('17673230450')).toEqual({ line: 2, fault: 'its time cannot be read' })
})

test('a line that is none is reported with its number, and the next one is read', async () => {
  const lines = await read('email,reason,created\n,why,\na@example.com,,yesterday\nx"y,a,\nb@example.com,,\n')
  expect(lines.sort((a, b) => a.line - b.line)).toEqual([
    { line: 2, fault: 'it has no address' },
    { line: 3, fault: 'its time cannot be read' },
    { line: 4, fault: 'its quotes do not match' },
    { line: 5, address: { email: 'b@example.com' } },
  ])
})

test('a value for which the server would refuse the whole call is reported with its line', async () => {
  const long = `${'a'.repeat(989)}@example.com`
  expect(
    await read(`email,created\n${long},\na@example.com,+010000-01-01T00:00:00Z\n${long.slice(1)},\n`),
  ).toEqual([
    { line: 2, fault: 'its address is too long' },
    { line: 3, fault: 'its time cannot be read' },
    { line: 4, address: { email: long.slice(1) } },
  ])
})

test('nothing is nothing; a line without an end is too long, and is not kept in memory', async () => {
  expect(await read()).toEqual([])
  expect(await read('email,reason\n')).toEqual([])
  const endless = await read(...Array.from({ length: 100 }, () => 'x'.repeat(10_000)))
  expect(endless).not.toEqual([])
  for (const line of endless) expect(line).toMatchObject({ line: 1, fault: 'it is too long' })
  expect(await read('x'.repeat(16_000))).toMatchObject([{ line: 1, fault: 'its address is too long' }])
  expect(await read('x'.repeat(17_000))).toMatchObject([{ line: 1, fault: 'it is too long' }])
})

test('of a reason the server takes 1,000 characters', async () => {
  expect(await read(`a@example.com,${'r'.repeat(1001)}\n`)).toEqual([
    { line: 1, address: { email: 'a@example.com', reason: 'r'.repeat(1000) } },
  ])
})

test('a source that breaks off is a fault', async () => {
  const broken = Readable.from(
    (async function* () {
      yield Buffer.from('a@example.com\n')
      throw new Error('the disk is gone')
    })(),
  )
  await expect(
    (async () => {
      for await (const _ of readList(broken));
    })(),
  ).rejects.toThrow('the disk is gone')
})
