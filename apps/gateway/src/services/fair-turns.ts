import { ProblemError } from '@emailauth/service/http/problem-error'

/**
 * Shares the work behind the gateway between tenants. While little is under way every call begins at once.
 * When much is, a tenant that has more than its share under way waits, and tenants that wait take turns. So
 * a tenant with a flood of calls makes its own slow, and hardly those of others.
 */
export interface FairTurns {
  /**
   * Begins a call, at once or when it is its turn. Pass the result to `end` when the call is over.
   * @throws {ProblemError} `unavailable` when its turn does not come soon enough. Nothing was done then.
   */
  begin(tenantId: string): Turn | Promise<Turn>
  /**
   * The rest of a call is a mail, which mostly waits for a relay. It then counts until the next round begins.
   * @returns the turn to end
   */
  mails(turn: Turn): Turn
  end(turn: Turn): void
  /** Calls that wait for their turn. */
  readonly waiting: number
}

/** A call that has begun. */
export interface Turn {
  readonly share: Share
  readonly round: number
}

interface Share {
  readonly waiting: Waiting[]
  /** The tenant's calls under way that began in this round, and in the one before. */
  now: number
  before: number
  seenAt: number
}

interface Waiting {
  readonly since: number
  readonly begin: (turn: Turn) => void
  readonly refuse: (error: Error) => void
}

export interface FairTurnsOptions {
  /** Calls under way beyond which tenants take turns. */
  readonly most?: number
  /** Milliseconds. */
  readonly now?: () => number
}

/**
 * More of them make larger batches, so the services do more in all, and each call takes longer
 * (docs/performance/tenants.md).
 */
export const MOST_UNDER_WAY = 64
/**
 * A call that takes longer than one to two rounds counts no more: what it waits for is not what others need.
 */
export const ROUND_MS = 50
/** How long a tenant counts among those that share after its last call. */
export const SHARES_FOR_MS = 1000
/** Callers time out, so a call that has waited this long is refused. */
export const MOST_WAIT_MS = 2000
/** Idle tenants are forgotten when so many are known. */
const MOST_SHARES = 1000

export function createFairTurns({
  most = MOST_UNDER_WAY,
  now = () => performance.now(),
}: FairTurnsOptions = {}): FairTurns {
  const shares = new Map<string, Share>()
  /** Those with calls that wait; the first one is the next. */
  const queue = new Set<Share>()
  /** Calls under way that count. */
  let open = 0
  let round = 0
  let timer: NodeJS.Timeout | undefined

  /** The calls of a tenant that is alone delay nobody else's. */
  const isFree = () => open < most || shares.size === 1
  const isBelowShare = ({ now, before }: Share) => now + before < most / shares.size

  function shareOf(tenantId: string, at: number): Share {
    const known = shares.get(tenantId)
    if (known !== undefined) return known
    if (shares.size >= MOST_SHARES) forgetIdle(at)
    const share = { waiting: [], now: 0, before: 0, seenAt: at }
    shares.set(tenantId, share)
    return share
  }

  function forgetIdle(at: number): void {
    for (const [tenantId, share] of shares) {
      const isIdle = share.now + share.before === 0 && share.waiting.length === 0
      if (isIdle && at - share.seenAt >= SHARES_FOR_MS) shares.delete(tenantId)
    }
  }

  function startRound(): void {
    round += 1
    open = 0
    for (const share of shares.values()) {
      share.before = share.now
      share.now = 0
      open += share.before
    }
  }

  function take(share: Share): Turn {
    share.now += 1
    open += 1
    return { share, round }
  }

  function beginNextOf(share: Share): void {
    const next = share.waiting.shift()
    queue.delete(share)
    if (share.waiting.length > 0) queue.add(share)
    next?.begin(take(share))
  }

  function beginWaiting(): void {
    for (const share of queue) {
      if (!isFree()) return
      beginNextOf(share)
    }
  }

  function tick(): void {
    timer = undefined
    const at = now()
    startRound()
    forgetIdle(at)
    for (const share of queue) {
      while (share.waiting[0] !== undefined && at - share.waiting[0].since >= MOST_WAIT_MS)
        share.waiting.shift()?.refuse(tooMuch())
      if (share.waiting.length === 0) queue.delete(share)
      else if (isBelowShare(share)) beginNextOf(share)
    }
    beginWaiting()
    if (queue.size > 0) timer = setTimeout(tick, ROUND_MS)
  }

  return {
    begin(tenantId) {
      const at = now()
      const share = shareOf(tenantId, at)
      share.seenAt = at
      if (share.waiting.length === 0) {
        if (isFree() || isBelowShare(share)) return take(share)
        // Rounds begin only while somebody waits, and with them idle tenants are forgotten.
        if (timer === undefined) forgetIdle(at)
        if (isFree() || isBelowShare(share)) return take(share)
      }
      timer ??= setTimeout(tick, ROUND_MS)
      queue.add(share)
      return new Promise((begin, refuse) => share.waiting.push({ since: at, begin, refuse }))
    },
    mails(turn) {
      const { share } = turn
      if (turn.round !== round) return turn
      share.now -= 1
      share.before += 1
      return { share, round: round - 1 }
    },
    end({ share, round: began }) {
      if (began === round) share.now -= 1
      else if (began === round - 1) share.before -= 1
      else return
      open -= 1
      if (queue.size > 0) beginWaiting()
    },
    get waiting() {
      let count = 0
      for (const share of queue) count += share.waiting.length
      return count
    },
  }
}

function tooMuch(): ProblemError {
  return new ProblemError('unavailable', 'Too many calls of this tenant wait; send fewer at a time.', {
    retryAfterSeconds: 1,
    tookEffect: false,
  })
}
