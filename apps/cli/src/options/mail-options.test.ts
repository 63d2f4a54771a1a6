import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { Command } from 'commander'
import { expect, test } from 'vitest'
import { addMailOptions, readMailOptions } from './mail-options.ts'

const read = (args: string[], stdin = '') => {
  const command = addMailOptions(new Command()).parse(args, { from: 'user' })
  return readMailOptions(command.opts(), Readable.from([stdin]))
}

test('only what is given is a change, and nothing given is none', async () => {
  expect(await read([])).toBeUndefined()
  expect(await read(['--mail-colour', '#112233', '--mail-reply-to', 'a@b.example'])).toEqual({
    colour: '#112233',
    replyTo: 'a@b.example',
  })
})

test('an empty value takes a setting away', async () => {
  expect(await read(['--mail-sender-name', '', '--mail-logo-url='])).toEqual({
    senderName: null,
    logoUrl: null,
  })
  expect(await read(['--mail-smtp-url', '-'], '\n')).toEqual({ smtpUrl: null })
})

test('texts come from a file of JSON; whether the code stands in the subject is yes or no', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-texts-'))
  const file = join(folder, 'texts.json')
  const texts = [{ language: 'es', subject: '{code}: entra en {tenant}' }]
  await writeFile(file, JSON.stringify(texts))
  const given = await read(['--mail-texts', file, '--mail-code-in-subject', 'no'])
  expect(given).toEqual({ texts, codeInSubject: false })
  expect(await read(['--mail-texts', '', '--mail-code-in-subject', ''])).toEqual({
    texts: null,
    codeInSubject: null,
  })
  await writeFile(file, 'no JSON')
  for (const args of [
    ['--mail-texts', file],
    ['--mail-texts', join(folder, 'none')],
    ['--mail-code-in-subject', 'x'],
  ]) {
    const quiet = new Command().exitOverride().configureOutput({ writeErr: () => {} })
    expect(() => addMailOptions(quiet).parse(args, { from: 'user' })).toThrow(/must/)
  }
  await rm(folder, { recursive: true })
})

test('headers are given one by one, as they stand in a mail; "" takes all away', async () => {
  const given = await read(['--mail-header', 'X-A: b: c', '--mail-header', ' X-SMTPAPI:{"a":1} '])
  expect(given).toEqual({
    headers: [
      { name: 'X-A', value: 'b: c' },
      { name: 'X-SMTPAPI', value: '{"a":1}' },
    ],
  })
  expect(await read(['--mail-header', ''])).toEqual({ headers: null })
  for (const wrong of ['X-A', 'X-A:', ': b', 'X A: b']) {
    const quiet = new Command().exitOverride().configureOutput({ writeErr: () => {} })
    expect(() => addMailOptions(quiet).parse(['--mail-header', wrong], { from: 'user' })).toThrow(/must/)
  }
})

test('the SMTP URL can come by stdin, so that it stands in no list of processes', async () => {
  expect(await read(['--mail-smtp-url', '-'], 'smtps://u:p@mail.example.com\n')).toEqual({
    smtpUrl: 'smtps://u:p@mail.example.com',
  })
})
