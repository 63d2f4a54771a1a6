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
  const replyTo = createReader()
  let rest = Buffer.alloc(0)
  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  socket.write('220 sink ESMTP\r\n')
  socket.on('data', (piece) => {
    const input = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    let replies = ''
    let at = 0
    for (let next = replyTo(input, at); next !== undefined; next = replyTo(input, at)) {
      replies += next.reply
      at = next.end
    }
    rest = input.subarray(at)
    if (replies === '') return
    if (replies.endsWith('221 bye\r\n')) socket.end(replies)
    else socket.write(replies, 'latin1')
  })
}

interface Answered {
  readonly reply: string
  /** Where what it answers ends. */
  readonly end: number
}

/** Answers the command, text, or bytes of a BDAT at a position. undefined: it is not whole yet. */
function createReader(): (input: Buffer, at: number) => Answered | undefined {
  let inMail = false
  // A BDAT whose bytes are still to come. With those of the last one the mail has come.
  let chunk: { readonly bytes: number; readonly isLast: boolean } | undefined

  function replyToChunk(input: Buffer, at: number, { bytes, isLast }: NonNullable<typeof chunk>) {
    const end = at + bytes
    if (input.length < end) return undefined
    chunk = undefined
    if (isLast) take(input.subarray(at, end))
    return { reply: isLast ? taken : OK, end }
  }

  function replyToCommand(command: string): string {
    inMail = /^DATA$/i.test(command)
    const [, bytes, last] = /^BDAT (\d+)( LAST)?$/i.exec(command) ?? []
    if (bytes === undefined) return replyToWord(command)
    chunk = { bytes: Number(bytes), isLast: last !== undefined }
    return ''
  }

  return (input, at) => {
    if (chunk !== undefined) return replyToChunk(input, at, chunk)
    const mark = inMail ? END_OF_MAIL : END_OF_COMMAND
    const found = input.indexOf(mark, at)
    if (found < 0) return undefined
    const end = found + mark.length
    if (!inMail) return { reply: replyToCommand(input.toString('latin1', at, found)), end }
    inMail = false
    take(input.subarray(at, found))
    return { reply: taken, end }
  }
}

function take(mail: Buffer): void {
  mails++
  lastMail = mail
}

function replyToWord(command: string): string {
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
