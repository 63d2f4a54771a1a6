import { type Event, event as eventShape } from '@emailauth/contracts/events'
import { parseJson } from '@emailauth/service/parse-json'

/**
 * Parses server-sent events as persistence writes them: one `data` line, a blank line, and comments between.
 */
export async function* readEvents(chunks: AsyncIterable<Buffer>): AsyncGenerator<Event, void> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const messages = (rest + decoder.decode(chunk, { stream: true })).split('\n\n')
    rest = messages.pop() ?? ''
    for (const message of messages) {
      const [, data] = /^data: (.*)$/m.exec(message) ?? []
      if (data !== undefined) yield eventShape.parse(parseJson(data))
    }
  }
}
