import type { Socket } from 'node:net'
import { createReplyReader, type Reply } from './replies.ts'
import { createReplyTimer } from './reply-timer.ts'
import type { Timeouts } from './timeouts.ts'
import {
  type Form,
  failed,
  isAscii,
  type Message,
  NOT_BY_BDAT,
  NOT_IN_A_GROUP,
  refusal,
  type Sent,
  type Step,
  type Transaction,
} from './transaction.ts'
import { createTransactionWriter } from './transaction-writer.ts'

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
  /** Whether BDAT may be used for the next message (RFC 3030). */
  readonly mayChunk: () => boolean
}

/** An idle connection is closed after this. Relays close them too, and not all announce it. */
const IDLE_MS = 30_000
/** After QUIT the relay has this long to close. */
const QUIT_MS = 10_000
/**
 * A message is one write only on a connection that has taken a message, whose relay has answered this
 * recently. If it were dead, nobody would know whether the text had arrived.
 */
const ALIVE_MS = 1000

/**
 * Runs SMTP mail transactions (RFC 5321, 3.3) over a greeted socket: what each reply means, and what follows.
 * Nothing is written after a message text before its reply, because relays take that for SMTP smuggling.
 */
export function createTransfer(socket: Socket, options: TransferOptions): Transfer {
  const { timeouts, groupSilenceMs, mayPipeline, mayChunk } = options
  const timer = createReplyTimer(socket)
  const writer = createTransactionWriter(socket, {
    timer,
    timeouts,
    groupSilenceMs,
    isCurrent: (one) => one === transaction,
  })
  let transaction: Transaction | undefined
  let open = true
  let needsReset = false
  // When the relay last accepted a message, `performance.now()`.
  let tookAtMs = Number.NEGATIVE_INFINITY
  const read = createReplyReader(onReply)
  socket.setEncoding('utf8')
  timer.start(IDLE_MS)
  socket.on('data', (piece: string) => {
    if (!read(piece)) {
      if (open) end('EPROTOCOL')
      else socket.destroy()
    } else if (timer.hasPassed()) onSilence()
  })
  socket.on('error', () => end('ESOCKET'))
  socket.on('timeout', onSilence)
  socket.on('end', () => end('ECONNECTION'))
  socket.on('close', () => end('ECONNECTION'))

  function onSilence(): void {
    if (!open) socket.destroy()
    else if (transaction === undefined) quit()
    else end(transaction.form === 'group' && !transaction.bodyBegan ? NOT_IN_A_GROUP : 'ETIMEDOUT')
  }

  function onReply(reply: Reply): void {
    // The reply to QUIT. A relay that goes on sending must not be read any more.
    if (!open) return void socket.destroy()
    timer.restart()
    const step = writer.nextStep()
    // This includes the 421 for a connection that idled too long.
    if (step === undefined || transaction === undefined) end('ECONNECTION')
    else if (step !== 'RSET') answered(transaction, step, reply)
    else if (reply.code === 250) writer.begin(transaction)
    else end('ECONNECTION')
  }

  function answered(current: Transaction, step: Exclude<Step, 'RSET'>, reply: Reply): void {
    const wanted = step === 'DATA' ? 3 : 2
    if (Math.floor(reply.code / 100) !== wanted) current.failure ??= refusal(step, reply, current)
    // After a 421 the relay closes the connection, whatever the command was.
    if (reply.code === 421) end('ECONNECTION')
    else if (step === 'BODY' || step === 'NOTHING') finish(current, reply.text)
    else if (step === 'CHUNK') chunkAnswered(current, reply)
    else if (step === 'DATA') dataAnswered(current, reply)
    else if (current.form === 'singly') addressAnswered(current, step, reply)
  }

  function chunkAnswered(current: Transaction, reply: Reply): void {
    if (current.failure === undefined) orEnd(writer.rest(current))
    // The line that went ahead was taken for a command too, and is answered next.
    else if (current.failure.code === NOT_BY_BDAT) end(NOT_BY_BDAT)
    else finish(current, reply.text)
  }

  function dataAnswered(current: Transaction, reply: Reply): void {
    if (current.failure === undefined) orEnd(writer.body(current))
    else if (reply.code === 354) writer.noText(current)
    else finish(current, reply.text)
  }

  function addressAnswered(current: Transaction, step: 'MAIL FROM' | 'RCPT TO', reply: Reply): void {
    if (current.failure === undefined) writer.command(step === 'MAIL FROM' ? 'RCPT TO' : 'DATA', current)
    else finish(current, reply.text)
  }

  function finish(current: Transaction, reply: string): void {
    const { failure: error, bodyBegan, form, done, message } = current
    transaction = undefined
    message.cutOff.isAtDot = false
    // A refusal before the text, or of BDAT, leaves a transaction open. The next message must not inherit it.
    needsReset = error !== undefined && (!bodyBegan || form === 'whole')
    timer.start(IDLE_MS)
    if (error === undefined) {
      tookAtMs = performance.now()
      done({ reply })
    } else done(failed(current, error))
  }

  function nextForm({ cutOff }: Message): Form {
    if (!mayPipeline()) return 'singly'
    const isAlive = !needsReset && performance.now() - tookAtMs < ALIVE_MS
    return isAlive && cutOff.mayWrite && mayChunk() ? 'whole' : 'group'
  }

  /** The message was given up before its text. */
  function orEnd(isWritten: boolean): void {
    if (!isWritten) end('ECONNECTION')
  }

  function end(code: string): void {
    if (!open) return
    open = false
    socket.destroy()
    if (transaction === undefined) return
    const lost = transaction
    transaction = undefined
    lost.message.cutOff.isAtDot = false
    lost.done(failed(lost, lost.failure ?? { code }))
  }

  function quit(): void {
    open = false
    timer.start(QUIT_MS)
    socket.end('QUIT\r\n')
  }

  return {
    get open() {
      return open && socket.writable
    },
    send(message, done) {
      const isPlain = isAscii(message.to) && isAscii(message.from)
      const form = nextForm(message)
      transaction = { message, isPlain, form, done, failure: undefined, bodyBegan: false }
      if (needsReset) {
        needsReset = false
        writer.reset(transaction)
      } else writer.begin(transaction)
    },
    giveUp: () => end('ECONNECTION'),
    quit,
  }
}
