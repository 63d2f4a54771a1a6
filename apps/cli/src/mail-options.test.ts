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

test('the SMTP URL can come by stdin, so that it stands in no list of processes', async () => {
  expect(await read(['--mail-smtp-url', '-'], 'smtps://u:p@mail.example.com\n')).toEqual({
    smtpUrl: 'smtps://u:p@mail.example.com',
  })
})
