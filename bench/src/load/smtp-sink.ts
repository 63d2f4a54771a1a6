import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { portOf } from '@emailauth/service/http/port-of'
import { answerParent } from './answer.ts'

// The cheapest SMTP server that accepts mails. It handles pipelined and split commands, counts mails and
// keeps only the last one. It offers what Postfix and Exim do: PIPELINING and CHUNKING.

const END_OF_MAIL = Buffer.from('\r\n.\r\n')
const OK = '250 ok\r\n'
const END_OF_COMMAND = Buffer.from('\r\n')
/** What it replies to a mail. */
let taken = '250 taken\r\n'
let mails = 0
let lastMail: Buffer = Buffer.alloc(0)

function serve(socket: Socket): void {
  let rest = Buffer.alloc(0)
  let inMail = false
  // A BDAT whose bytes are still to come. With those of the last one the mail has come.
  let chunk: { readonly bytes: number; readonly isLast: boolean } | undefined
  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  socket.write('220 sink ESMTP\r\n')
  socket.on('data', (piece) => {
    const come = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    let replies = ''
    let at = 0
    for (;;) {
      if (chunk !== undefined) {
        if (come.length - at < chunk.bytes) break
        if (chunk.isLast) take(come.subarray(at, at + chunk.bytes))
        replies += chunk.isLast ? taken : OK
        at += chunk.bytes
        chunk = undefined
        continue
      }
      const mark = inMail ? END_OF_MAIL : END_OF_COMMAND
      const end = come.indexOf(mark, at)
      if (end < 0) break
      if (inMail) {
        take(come.subarray(at, end))
        inMail = false
        replies += taken
      } else {
        const command = come.toString('latin1', at, end)
        inMail = /^DATA$/i.test(command)
        const [, bytes, last] = /^BDAT (\d+)( LAST)?$/i.exec(command) ?? []
        if (bytes === undefined) replies += replyTo(command)
        else chunk = { bytes: Number(bytes), isLast: last !== undefined }
      }
      at = end + mark.length
    }
    rest = come.subarray(at)
    if (replies === '') return
    if (replies.endsWith('221 bye\r\n')) socket.end(replies)
    else socket.write(replies, 'latin1')
  })
}

function take(mail: Buffer): void {
  mails++
  lastMail = mail
}

function replyTo(command: string): string {
  switch (command.slice(0, 4).toUpperCase()) {
    case 'EHLO':
      return '250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-CHUNKING\r\n250 SMTPUTF8\r\n'
    case 'DATA':
      return '354 go on\r\n'
    case 'QUIT':
      return '221 bye\r\n'
    case 'HELO':
    case 'MAIL':
    case 'RCPT':
    case 'RSET':
    case 'NOOP':
      return OK
    default:
      return '502 not here\r\n'
  }
}

const server = createServer(serve)
server.listen(0, '127.0.0.1')

answerParent(async (message) => {
  // The parent is one of our own programs.
  const { reply } = message as { readonly reply?: string }
  if (reply !== undefined) taken = `${reply}\r\n`
  if (!server.listening) await once(server, 'listening')
  return { port: portOf(server), mails, lastMail: lastMail.toString('latin1') }
})
