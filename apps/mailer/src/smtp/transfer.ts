import type { Socket } from 'node:net'
import type { SmtpFailure } from './failure.ts'
import type { OutgoingMail } from './hand-over.ts'
import { createReplyReader, type Reply } from './replies.ts'

/** A mail as it goes through one connection. */
export type Letter = Pick<OutgoingMail, 'from' | 'to' | 'raw'>

/** A failed send, and whether the server may have the mail. */
export interface SendFailure {
  readonly error: SmtpFailure
  /** The body had begun to go out. */
  readonly bodyBegan: boolean
}

export type Sent = { readonly reply: string } | SendFailure

/** Mails over one open SMTP connection, one after the other. */
export interface Transfer {
  /** False when the connection is gone, or is to be used no more. */
  readonly open: boolean
  /** `done` is called once, and never before this returns. Only when there is room. */
  send(letter: Letter, done: (sent: Sent) => void): void
  /** Whether a mail can be given now: nothing is under way, or of one mail nothing but the reply to its body is missing. */
  readonly hasRoom: boolean
  /** Calls back when a body is about to go out: commands that are given then go with it. */
  whenRoom(callback: () => void): void
  /** Ends a mail that has taken too long; the connection with it, unless another mail is on its way before it. */
  giveUp(letter: Letter): void
  /** Cuts the connection, whatever it is doing. */
  cut(): void
  /** Says goodbye. Nothing may be under way. */
  quit(): void
}

interface Passage {
  readonly letter: Letter
  readonly isPlain: boolean
  done: (sent: Sent) => void
  failure: SmtpFailure | undefined
  bodyBegan: boolean
}

const ABANDONED = 'EABORT'

type Step = 'MAIL FROM' | 'RCPT TO' | 'DATA' | 'BODY' | 'NOTHING' | 'RSET'

/**
 * Speaks SMTP's mail transactions (RFC 5321, 3.3) over a socket that has been greeted. When the server takes commands in groups
 * (RFC 2920), a mail's commands are one write, and go out together with the body of the mail before it: one write a mail.
 */
export function createTransfer(socket: Socket, pipelining: boolean): Transfer {
  const passages: Passage[] = []
  const awaited: Step[] = []
  let open = true
  let bodyIsNext = false
  let onRoom = () => {}
  const read = createReplyReader(onReply)
  socket.setEncoding('utf8')
  socket.on('data', (piece: string) => {
    if (!read(piece)) end('EPROTOCOL')
  })
  socket.on('error', () => end('ESOCKET'))
  socket.on('timeout', () => end('ETIMEDOUT'))
  socket.on('end', () => end('ECONNECTION'))
  socket.on('close', () => end('ECONNECTION'))

  function onReply(reply: Reply): void {
    if (!open) return
    const step = awaited.shift()
    const [passage] = passages
    if (step === 'RSET' && reply.code === 250) return
    // Also the goodbye to a connection that has been idle for too long.
    if (step === undefined || step === 'RSET' || passage === undefined) end('ECONNECTION')
    else answered(passage, step, reply)
  }

  function answered(passage: Passage, step: Exclude<Step, 'RSET'>, reply: Reply): void {
    const wanted = step === 'DATA' ? 3 : 2
    if (Math.floor(reply.code / 100) !== wanted) passage.failure ??= refusal(step, reply)
    const refused = passage.failure !== undefined
    // The server is about to close the connection, whatever it was asked.
    if (reply.code === 421) end('ECONNECTION')
    else if (step === 'BODY' || step === 'NOTHING') finish(passage, reply.text)
    else if (step === 'DATA' && !refused) writeBody(passage)
    else if (step === 'DATA' && reply.code === 354) writeNothing(passage)
    else if (step === 'DATA' || (refused && !pipelining)) finish(passage, reply.text)
    else if (!pipelining) writeCommand(step === 'MAIL FROM' ? 'RCPT TO' : 'DATA', passage)
  }

  /** The server would take a mail now and has no recipient for it; of a mail that was given up it has one, so it gets not even this. */
  function writeNothing({ failure }: Passage): void {
    if (failure?.code === ABANDONED) end('ECONNECTION')
    else write('.\r\n', 'NOTHING')
  }

  /** The first mail is over; what is refused before its body leaves a transaction open, which the next one must not inherit. */
  function finish(passage: Passage, reply: string): void {
    passages.shift()
    const { failure: error, bodyBegan } = passage
    if (error !== undefined && !bodyBegan) write('RSET\r\n', 'RSET')
    passage.done(error === undefined ? { reply } : { error, bodyBegan })
  }

  function begin(passage: Passage): void {
    if (pipelining) write(envelope(passage), 'MAIL FROM', 'RCPT TO', 'DATA')
    else writeCommand('MAIL FROM', passage)
  }

  function writeCommand(step: 'MAIL FROM' | 'RCPT TO' | 'DATA', passage: Passage): void {
    write(step === 'MAIL FROM' ? mailFrom(passage) : step === 'RCPT TO' ? rcptTo(passage) : 'DATA\r\n', step)
  }

  function writeBody(passage: Passage): void {
    bodyIsNext = pipelining
    onRoom()
    bodyIsNext = false
    passage.bodyBegan = true
    // One text and one write: it is copied once, and not before Node writes it.
    const body = `${passage.letter.raw}.\r\n`
    const [, next] = passages
    if (next === undefined) write(body, 'BODY')
    else write(body + envelope(next), 'BODY', 'MAIL FROM', 'RCPT TO', 'DATA')
  }

  function write(text: string, ...steps: readonly Step[]): void {
    awaited.push(...steps)
    // Nearly every mail is ASCII, and Node writes that without a copy.
    socket.write(text, passages.every(({ isPlain }) => isPlain) ? 'latin1' : 'utf8')
  }

  function end(code: string): void {
    if (!open) return
    open = false
    socket.destroy()
    for (const { failure, bodyBegan, done } of passages.splice(0)) {
      done({ error: failure ?? { code }, bodyBegan })
    }
  }

  return {
    get open() {
      return open && socket.writable
    },
    get hasRoom() {
      if (passages.length === 0) return true
      return passages.length === 1 && (bodyIsNext || (pipelining && passages[0]?.bodyBegan === true))
    },
    whenRoom(callback) {
      onRoom = callback
    },
    send(letter, done) {
      const isPlain = isAscii(letter.to) && isAscii(letter.from)
      const passage: Passage = { letter, isPlain, done, failure: undefined, bodyBegan: false }
      passages.push(passage)
      if (!bodyIsNext) begin(passage)
    },
    giveUp(letter) {
      const at = passages.findIndex((passage) => passage.letter === letter)
      const passage = passages[at]
      if (passage === undefined) return
      if (at === 0) return end('ECONNECTION')
      // Its commands are out already; the connection ends when its turn comes.
      const { done } = passage
      passage.failure = { code: ABANDONED }
      passage.done = () => {}
      done({ error: passage.failure, bodyBegan: false })
    },
    cut: () => end('ECONNECTION'),
    quit() {
      open = false
      socket.end('QUIT\r\n')
    },
  }
}

const envelope = (passage: Passage) => `${mailFrom(passage)}${rcptTo(passage)}DATA\r\n`
const rcptTo = ({ letter }: Passage) => `RCPT TO:<${letter.to}>\r\n`
const mailFrom = ({ letter: { from }, isPlain }: Passage) =>
  `MAIL FROM:<${from}>${isPlain ? '' : ' SMTPUTF8'}\r\n`

export function isAscii(text: string): boolean {
  return !/[^\p{ASCII}]/u.test(text)
}

function refusal(step: Step, { code, text }: Reply): SmtpFailure {
  return {
    command: step === 'BODY' || step === 'NOTHING' ? 'DATA' : step,
    response: text,
    responseCode: code,
  }
}
