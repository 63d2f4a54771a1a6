import type { CutOff } from './cut-off.ts'
import type { OutgoingMail } from './hand-over.ts'
import type { SmtpSession } from './session.ts'
import { isAscii, type Sent } from './transfer.ts'

export interface PoolOptions {
  readonly open: () => Promise<SmtpSession>
  readonly maxSessions: number
  /** Mails that go through one connection before it is closed; servers have such a bound themselves. */
  readonly mailsPerSession: number
  /** Mails that may wait for a connection. */
  readonly maxWaiting: number
  readonly ratePerSecond?: number | undefined
}

/** How a mail fared, or that it was not tried: the server does not understand its address. */
export interface Passed {
  readonly sent: Sent | 'unfit'
  /** The connection had been used before. */
  readonly reused: boolean
}

/** A bounded set of sessions to one server. */
export interface SessionPool {
  /**
   * Sends a mail through one of the sessions. Rejects when it is aborted, the pool is full, or no connection can be opened.
   * @param fresh only through a connection that is opened after this call
   */
  send(mail: OutgoingMail, fresh?: boolean): Promise<Passed>
  /** Opens a connection that nobody has asked for yet. Rejects when that cannot be done. */
  connect(): Promise<void>
  close(): void
}

interface Member {
  readonly session: SmtpSession
  /** Sessions are counted as they are opened. */
  readonly serial: number
  used: number
  underWay: number
}

interface Waiting {
  readonly mail: OutgoingMail
  /** Serial of the first session that will do. */
  readonly from: number
  readonly passed: (passed: Passed) => void
  readonly failed: (error: unknown) => void
}

export function createSessionPool(options: PoolOptions): SessionPool {
  const { open, maxSessions, mailsPerSession, maxWaiting, ratePerSecond } = options
  const members = new Set<Member>()
  const queue: Waiting[] = []
  let opening = 0
  let opened = 0
  let closed = false
  let nextTurnAtMs = 0

  /** Mails leave evenly spaced when the server wants a rate. */
  function turn(cutOff: CutOff, perSecond: number): Promise<void> {
    const nowMs = performance.now()
    const atMs = Math.max(nowMs, nextTurnAtMs)
    nextTurnAtMs = atMs + 1000 / perSecond
    return new Promise((itsTurn, failed) => {
      const timer = setTimeout(itsTurn, atMs - nowMs)
      cutOff.onCut = () => {
        clearTimeout(timer)
        failed(givenUp())
      }
    })
  }

  /** A session without work; else one more is opened; else a mail's commands go out behind another mail. */
  function place(mail: Waiting): boolean {
    let busy: Member | undefined
    for (const member of members) {
      if (!member.session.open) members.delete(member)
      else if (member.serial < mail.from) {
        if (member.underWay === 0) retire(member)
      } else if (member.used < mailsPerSession && member.session.hasRoom) {
        if (member.underWay === 0) {
          give(member, mail)
          return true
        }
        busy ??= member
      }
    }
    if (members.size + opening < maxSessions) {
      void openFor(mail)
      return true
    }
    if (busy !== undefined) give(busy, mail)
    return busy !== undefined
  }

  async function openOne(): Promise<Member> {
    opening++
    try {
      const member = { session: await open(), serial: ++opened, used: 0, underWay: 0 }
      members.add(member)
      member.session.whenRoom(next)
      return member
    } finally {
      opening--
    }
  }

  async function openFor(waiting: Waiting): Promise<void> {
    const { mail, failed } = waiting
    try {
      const member = await openOne()
      if (mail.cutOff.isCut) failed(givenUp())
      else give(member, waiting)
    } catch (error) {
      failed(error)
    }
    next()
  }

  function give(member: Member, { mail, passed }: Waiting): void {
    const { session } = member
    if (!session.takesUtf8 && !isAscii(mail.to)) {
      passed({ sent: 'unfit', reused: false })
      return
    }
    const reused = member.used++ > 0
    member.underWay++
    mail.cutOff.onCut = () => session.giveUp(mail)
    session.send(mail, (sent) => {
      mail.cutOff.onCut = undefined
      member.underWay--
      if (!session.open) members.delete(member)
      else if (member.underWay === 0 && (closed || member.used >= mailsPerSession)) retire(member)
      passed({ sent, reused })
      next()
    })
  }

  function retire(member: Member): void {
    members.delete(member)
    member.session.quit()
  }

  function next(): void {
    while (queue[0] !== undefined) {
      const [first] = queue
      if (!first.mail.cutOff.isCut && !place(first)) return
      queue.shift()
    }
  }

  function pass(mail: OutgoingMail, fresh: boolean): Promise<Passed> {
    return new Promise((passed, failed) => {
      if (mail.cutOff.isCut) return failed(givenUp())
      const waiting = { mail, from: fresh ? opened + 1 : 0, passed, failed }
      if (queue.length === 0 && place(waiting)) return
      if (queue.length >= maxWaiting) return failed(new Error('Too many mails wait for the SMTP server.'))
      queue.push(waiting)
      // It does not wait longer for a connection than it may.
      mail.cutOff.onCut = () => failed(givenUp())
    })
  }

  return {
    send(mail, fresh = false) {
      if (ratePerSecond === undefined) return pass(mail, fresh)
      return turn(mail.cutOff, ratePerSecond).then(() => pass(mail, fresh))
    },
    async connect() {
      const member = await openOne()
      if (closed) retire(member)
      else next()
    },
    close() {
      closed = true
      for (const member of members) if (member.underWay === 0) retire(member)
    },
  }
}

const givenUp = () => new Error('The mail took too long.')
