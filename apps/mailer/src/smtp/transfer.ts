import type { Socket } from 'node:net'
import type { SmtpFailure } from './failure.ts'
import type { OutgoingMail } from './hand-over.ts'
import { createReplyReader, type Reply } from './replies.ts'
import type { Timeouts } from './timeouts.ts'

/** A message for one connection. */
export type Message = Pick<OutgoingMail, 'from' | 'to' | 'raw' | 'cutOff'>

/** A failed send, and whether the relay may have the mail. */
export interface SendFailure {
  readonly error: SmtpFailure
  /** The message text had begun. */
  readonly bodyBegan: boolean
}

export type Sent = { readonly reply: string } | SendFailure

/** Error code for a group of commands that got 503 or no reply. Single commands may work. */
export const NOT_IN_A_GROUP = 'EPIPELINING'

/** Sends messages over one open SMTP connection, one after the other. */
export interface Transfer {
  /** False when the connection is closed, or must not be used again. */
  readonly open: boolean
  /**
   * Sends a message. Call it only after the previous one is done. `done` is called once, after this returns.
   */
  send(message: Message, done: (sent: Sent) => void): void
  /** Ends the current message, and the connection with it. */
  giveUp(): void
  /** Sends QUIT. No message may be under way. */
  quit(): void
}

export interface TransferOptions {
  readonly timeouts: Timeouts
  readonly groupSilenceMs: number
  /** Whether the next message's commands may be sent as a group (RFC 2920). */
  readonly mayPipeline: () => boolean
}

interface Transaction {
  readonly message: Message
  readonly isPlain: boolean
  /** Its commands were sent as a group. */
  readonly inGroup: boolean
  readonly done: (sent: Sent) => void
  failure: SmtpFailure | undefined
  bodyBegan: boolean
}

type Step = 'RSET' | 'MAIL FROM' | 'RCPT TO' | 'DATA' | 'BODY' | 'NOTHING'

/** An idle connection is closed after this. Relays close them too, and not all announce it. */
const IDLE_MS = 30_000
/** After QUIT the relay has this long to close. */
const QUIT_MS = 10_000

/**
 * Runs SMTP mail transactions (RFC 5321, 3.3) over a greeted socket. If the relay supports pipelining (RFC
 * 2920), MAIL, RCPT and DATA are one write.
 * Nothing is written after a message text before its reply, because relays take that for SMTP smuggling.
 */
export function createTransfer(socket: Socket, options: TransferOptions): Transfer {
  const { timeouts, groupSilenceMs, mayPipeline } = options
  const awaited: Step[] = []
  let transaction: Transaction | undefined
  let open = true
  let needsReset = false
  const read = createReplyReader(onReply)
  socket.setEncoding('utf8')
  socket.setTimeout(IDLE_MS)
  socket.on('data', (piece: string) => {
    if (!read(piece)) end('EPROTOCOL')
  })
  socket.on('error', () => end('ESOCKET'))
  socket.on('timeout', onSilence)
  socket.on('end', () => end('ECONNECTION'))
  socket.on('close', () => end('ECONNECTION'))

  function onSilence(): void {
    if (!open) socket.destroy()
    else if (transaction === undefined) quit()
    else end(transaction.inGroup && !transaction.bodyBegan ? NOT_IN_A_GROUP : 'ETIMEDOUT')
  }

  function onReply(reply: Reply): void {
    if (!open) return
    const step = awaited.shift()
    // This includes the 421 for a connection that idled too long.
    if (step === undefined || transaction === undefined) end('ECONNECTION')
    else if (step !== 'RSET') answered(transaction, step, reply)
    else if (reply.code === 250) begin(transaction)
    else end('ECONNECTION')
  }

  function answered(current: Transaction, step: Exclude<Step, 'RSET'>, reply: Reply): void {
    const wanted = step === 'DATA' ? 3 : 2
    if (Math.floor(reply.code / 100) !== wanted) current.failure ??= refusal(step, reply, current)
    const refused = current.failure !== undefined
    // After a 421 the relay closes the connection, whatever the command was.
    if (reply.code === 421) end('ECONNECTION')
    else if (step === 'BODY' || step === 'NOTHING') finish(current, reply.text)
    else if (step === 'DATA' && !refused) writeBody(current)
    else if (step === 'DATA' && reply.code === 354) write(current, '.\r\n', 'NOTHING')
    else if (step === 'DATA' || (refused && !current.inGroup)) finish(current, reply.text)
    else if (!current.inGroup) writeCommand(step === 'MAIL FROM' ? 'RCPT TO' : 'DATA', current)
  }

  function finish({ failure: error, bodyBegan, done, message }: Transaction, reply: string): void {
    transaction = undefined
    message.cutOff.isAtDot = false
    // A refusal before the text leaves a transaction open. The next message must not inherit it.
    needsReset = error !== undefined && !bodyBegan
    socket.setTimeout(IDLE_MS)
    done(error === undefined ? { reply } : { error, bodyBegan })
  }

  function begin(current: Transaction): void {
    if (needsReset) {
      needsReset = false
      write(current, 'RSET\r\n', 'RSET')
    } else if (current.inGroup) {
      write(current, `${mailFrom(current)}${rcptTo(current)}DATA\r\n`, 'MAIL FROM', 'RCPT TO', 'DATA')
      socket.setTimeout(Math.min(groupSilenceMs, timeouts.mailMs))
    } else writeCommand('MAIL FROM', current)
  }

  function writeCommand(step: 'MAIL FROM' | 'RCPT TO' | 'DATA', current: Transaction): void {
    write(
      current,
      step === 'MAIL FROM' ? mailFrom(current) : step === 'RCPT TO' ? rcptTo(current) : 'DATA\r\n',
      step,
    )
  }

  function writeBody(current: Transaction): void {
    // If the message was given up, or another mailer may send it by now, not even its end is written.
    if (!current.message.cutOff.mayWrite) {
      end('ECONNECTION')
      return
    }
    current.bodyBegan = true
    current.message.cutOff.isAtDot = true
    awaited.push('BODY')
    socket.setTimeout(timeouts.blockMs)
    // One text and one write, so that it is copied only once, when Node writes it.
    socket.write(`${current.message.raw}.\r\n`, encodingOf(current), () => {
      if (transaction === current) socket.setTimeout(timeouts.dotMs)
    })
  }

  function write(current: Transaction, text: string, ...steps: readonly [Step, ...Step[]]): void {
    awaited.push(...steps)
    socket.setTimeout(timeoutOf(steps[0]))
    socket.write(text, encodingOf(current))
  }

  function timeoutOf(step: Step): number {
    switch (step) {
      case 'RSET':
        return timeouts.commandMs
      case 'MAIL FROM':
        return timeouts.mailMs
      case 'RCPT TO':
        return timeouts.rcptMs
      case 'DATA':
        return timeouts.dataMs
      default:
        return timeouts.dotMs
    }
  }

  function end(code: string): void {
    if (!open) return
    open = false
    socket.destroy()
    if (transaction === undefined) return
    const { failure, bodyBegan, done, message } = transaction
    transaction = undefined
    message.cutOff.isAtDot = false
    done({ error: failure ?? { code }, bodyBegan })
  }

  function quit(): void {
    open = false
    socket.setTimeout(QUIT_MS)
    socket.end('QUIT\r\n')
  }

  return {
    get open() {
      return open && socket.writable
    },
    send(message, done) {
      const isPlain = isAscii(message.to) && isAscii(message.from)
      transaction = { message, isPlain, inGroup: mayPipeline(), done, failure: undefined, bodyBegan: false }
      begin(transaction)
    },
    giveUp: () => end('ECONNECTION'),
    quit,
  }
}

/** Nearly every mail is ASCII, which Node writes without a copy. */
const encodingOf = ({ isPlain }: Transaction) => (isPlain ? 'latin1' : 'utf8')
const rcptTo = ({ message }: Transaction) => `RCPT TO:<${message.to}>\r\n`
const mailFrom = ({ message: { from }, isPlain }: Transaction) =>
  `MAIL FROM:<${from}>${isPlain ? '' : ' SMTPUTF8'}\r\n`

export function isAscii(text: string): boolean {
  return !/[^\p{ASCII}]/u.test(text)
}

function refusal(step: Step, { code, text }: Reply, { inGroup }: Transaction): SmtpFailure {
  return {
    // The first command of a group was refused with "bad sequence": grouping was the problem.
    ...(inGroup && code === 503 && step !== 'BODY' ? { code: NOT_IN_A_GROUP } : {}),
    command: step === 'BODY' || step === 'NOTHING' ? 'DATA' : step,
    response: text,
    responseCode: code,
  }
}
