import { z } from 'zod'

/** The longest that a reply may wait for something to answer with. Shorter than time-outs of proxies. */
export const LONG_POLL_MAX_SECONDS = 20

/** How long a reply may wait. A service that does not know it answers at once. */
export const waitSeconds = z.number().min(0).max(LONG_POLL_MAX_SECONDS)

/** The same in a query. */
export const longPollQuery = z.object({ waitSeconds: z.coerce.number().pipe(waitSeconds).optional() })
