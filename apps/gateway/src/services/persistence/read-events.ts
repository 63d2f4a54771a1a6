import { type Event, event as eventShape } from '@emailauth/contracts/events'
import { parseJson } from '@emailauth/service/http/parse-json'
import { createParser } from 'eventsource-parser'

/** Parses the events of a reply in `text/event-stream`, as they arrive. */
export async function* readEvents(chunks: AsyncIterable<Buffer>): AsyncGenerator<Event, void> {
  const decoder = new TextDecoder()
  const events: Event[] = []
  const parser = createParser({ onEvent: ({ data }) => events.push(eventShape.parse(parseJson(data))) })
  for await (const chunk of chunks) {
    parser.feed(decoder.decode(chunk, { stream: true }))
    yield* events.splice(0)
  }
}
