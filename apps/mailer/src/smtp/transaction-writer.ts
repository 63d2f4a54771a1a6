import type { Socket } from 'node:net'
import type { ReplyTimer } from './reply-timer.ts'
import type { Timeouts } from './timeouts.ts'
import { bdat, encodingOf, firstLine, mailFrom, rcptTo, type Step, type Transaction } from './transaction.ts'

export interface TransactionWriterOptions {
  readonly timer: ReplyTimer
  readonly timeouts: Timeouts
  readonly groupSilenceMs: number
  /** Whether this transaction is the one under way. */
  readonly isCurrent: (transaction: Transaction) => boolean
}

/**
 * Writes the commands and the texts of transactions to one socket, sets the timeout of each, and knows which
 * replies are awaited. If the relay supports pipelining (RFC 2920), MAIL, RCPT and DATA are one write. If it
 * supports chunking too (RFC 3030), so is the whole message.
 */
export interface TransactionWriter {
  /** What the next reply answers; undefined: nothing is awaited. */
  nextStep(): Step | undefined
  reset(current: Transaction): void
  /** The first write of a transaction, in its form. */
  begin(current: Transaction): void
  command(step: 'MAIL FROM' | 'RCPT TO' | 'DATA', current: Transaction): void
  /** The text after DATA. False: it must not be written any more. */
  body(current: Transaction): boolean
  /** What follows the line that went ahead by BDAT. False: it must not be written any more. */
  rest(current: Transaction): boolean
  /** Ends the text that a relay asks for although it refused the envelope. */
  noText(current: Transaction): void
}

export function createTransactionWriter(
  socket: Socket,
  options: TransactionWriterOptions,
): TransactionWriter {
  const { timer, timeouts, groupSilenceMs, isCurrent } = options
  const awaited: Step[] = []
  let knowsBdat = false

  function begin(current: Transaction): void {
    if (current.form === 'whole') {
      writeWhole(current)
    } else if (current.form === 'group') {
      write(current, `${mailFrom(current)}${rcptTo(current)}DATA\r\n`, 'MAIL FROM', 'RCPT TO', 'DATA')
      timer.start(Math.min(groupSilenceMs, timeouts.mailMs))
    } else command('MAIL FROM', current)
  }

  function command(step: 'MAIL FROM' | 'RCPT TO' | 'DATA', current: Transaction): void {
    write(
      current,
      step === 'MAIL FROM' ? mailFrom(current) : step === 'RCPT TO' ? rcptTo(current) : 'DATA\r\n',
      step,
    )
  }

  function writeWhole(current: Transaction): void {
    const envelope = `${mailFrom(current)}${rcptTo(current)}`
    if (knowsBdat) {
      awaited.push('MAIL FROM', 'RCPT TO', 'BODY')
      writeText(current, `${envelope}${bdat(current, current.message.raw, ' LAST')}`)
      return
    }
    const line = firstLine(current)
    write(current, `${envelope}${bdat(current, line)}`, 'MAIL FROM', 'RCPT TO', 'CHUNK')
    timer.start(Math.min(groupSilenceMs, timeouts.mailMs))
  }

  /** One text and one write, so that it is copied only once, when Node writes it. */
  function writeText(current: Transaction, text: string): void {
    current.bodyBegan = true
    current.message.cutOff.isAtDot = true
    timer.start(timeouts.blockMs)
    socket.write(text, encodingOf(current), () => {
      if (isCurrent(current)) timer.start(timeouts.dotMs)
    })
  }

  function write(current: Transaction, text: string, ...steps: readonly [Step, ...Step[]]): void {
    awaited.push(...steps)
    timer.start(timeoutOf(steps[0]))
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

  return {
    nextStep: () => awaited.shift(),
    reset: (current) => write(current, 'RSET\r\n', 'RSET'),
    begin,
    command,
    body(current) {
      // If the message was given up, or another mailer may send it by now, not even its end is written.
      if (!current.message.cutOff.mayWrite) return false
      awaited.push('BODY')
      writeText(current, `${current.message.raw}.\r\n`)
      return true
    },
    rest(current) {
      knowsBdat = true
      if (!current.message.cutOff.mayWrite) return false
      awaited.push('BODY')
      writeText(current, bdat(current, current.message.raw.slice(firstLine(current).length), ' LAST'))
      return true
    },
    noText: (current) => write(current, '.\r\n', 'NOTHING'),
  }
}
