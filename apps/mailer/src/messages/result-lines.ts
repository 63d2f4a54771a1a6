import { setTimeout as wait } from 'node:timers/promises'
import type { MessageResult } from '@emailauth/contracts/messages'

/** The results of a batch as lines of JSON, `{"index":0,"message":{…}}`, in the order in which they come. */
export const RESULT_LINES = 'application/x-ndjson'

/** What comes within so many milliseconds travels together: almost always all of it. */
const TOGETHER_MS = 10

/** One text when all results are there soon, else one text after the other. No result may fail. */
export async function resultLines(
  results: readonly Promise<MessageResult>[],
): Promise<string | AsyncIterable<string>> {
  let text = ''
  let missing = results.length
  const all = Promise.all(
    results.map(async (coming, index) => {
      const result = await coming
      text += `${JSON.stringify({ index, ...result })}\n`
      missing--
    }),
  )

  async function next(): Promise<string> {
    const soon = new AbortController()
    await Promise.race([all, wait(TOGETHER_MS, undefined, { signal: soon.signal }).catch(() => {})])
    soon.abort()
    const ready = text
    text = ''
    return ready
  }

  const first = await next()
  if (missing === 0) return first
  return (async function* () {
    yield first
    while (missing > 0 || text !== '') {
      const ready = await next()
      if (ready !== '') yield ready
    }
  })()
}
