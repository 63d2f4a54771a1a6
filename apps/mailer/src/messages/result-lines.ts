import type { MessageResult } from '@emailauth/contracts/messages'

/** Writes the results of a batch as lines of JSON, `{"index":0,"message":{…}}`, in order of arrival. */
export interface ResultLines {
  /** Adds a result. */
  add(index: number, result: MessageResult): void
  /** Returns one text when all results arrive soon, else the texts as they arrive. */
  read(): Promise<string | AsyncIterable<string>>
}

/** Results within this many milliseconds are sent together. Usually that is all of them. */
const TOGETHER_MS = 10

export function createResultLines(count: number): ResultLines {
  let text = ''
  let missing = count
  let whenComplete = () => {}

  async function next(): Promise<string> {
    if (missing > 0) {
      await new Promise<void>((soon) => {
        const timer = setTimeout(soon, TOGETHER_MS)
        whenComplete = () => {
          clearTimeout(timer)
          soon()
        }
      })
    }
    const ready = text
    text = ''
    return ready
  }

  return {
    add(index, result) {
      text += `{"index":${index},${JSON.stringify(result).slice(1)}\n`
      if (--missing === 0) whenComplete()
    },
    async read() {
      const first = await next()
      if (missing === 0) return first
      return (async function* () {
        yield first
        while (missing > 0 || text !== '') {
          const ready = await next()
          if (ready !== '') yield ready
        }
      })()
    },
  }
}
