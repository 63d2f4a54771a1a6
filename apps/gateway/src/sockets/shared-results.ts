import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
} from 'graphql'

type Results = AsyncIterableIterator<ExecutionResult>

/**
 * Subscribes like graphql-js, but runs the selection once for each event and kind of subscription. Readers
 * with the same document and variables share the result. That is sound: the source decides who sees an
 * event, and an event has the same fields for all its readers.
 */
export function createSubscribe(): (args: ExecutionArgs) => Promise<Results | ExecutionResult> {
  const results = new WeakMap<object, Map<string, ExecutionResult | Promise<ExecutionResult>>>()
  const ids = new WeakMap<DocumentNode, number>()
  let lastId = 0
  const idOf = (document: DocumentNode) => {
    const id = ids.get(document) ?? ++lastId
    ids.set(document, id)
    return id
  }

  return async (args) => {
    const source = await createSourceEventStream(args)
    if (!(Symbol.asyncIterator in source)) return source
    // Our sources yield events. graphql-js types what a source yields as unknown.
    const events = (source as AsyncIterable<object>)[Symbol.asyncIterator]()
    const kind = JSON.stringify([idOf(args.document), args.operationName, args.variableValues])

    const resultOf = (event: object) => {
      const ofEvent = results.get(event) ?? new Map()
      results.set(event, ofEvent)
      const result = ofEvent.get(kind) ?? execute({ ...args, rootValue: event })
      ofEvent.set(kind, result)
      return result
    }

    const shared: Results = {
      async next() {
        const { done, value } = await events.next()
        return done === true ? { done, value: undefined } : { done: false, value: await resultOf(value) }
      },
      async return() {
        await events.return?.()
        return { done: true, value: undefined }
      },
      async throw(error: unknown) {
        await events.return?.()
        throw error
      },
      [Symbol.asyncIterator]: () => shared,
    }
    return shared
  }
}
