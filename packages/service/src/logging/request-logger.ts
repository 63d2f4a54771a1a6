import type { FastifyBaseLogger, FastifyServerOptions } from 'fastify'

type ChildLoggerFactory = NonNullable<FastifyServerOptions['childLoggerFactory']>
type ChildOptions = Parameters<ChildLoggerFactory>[2]

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

class LazyLogger {
  readonly #parent: FastifyBaseLogger
  readonly #bindings: object
  readonly #options: ChildOptions
  #made: FastifyBaseLogger | undefined

  constructor(parent: FastifyBaseLogger, bindings: object, options: ChildOptions) {
    this.#parent = parent
    this.#bindings = bindings
    this.#options = options
  }

  get made(): FastifyBaseLogger {
    this.#made ??= this.#parent.child({ ...this.#bindings }, this.#options)
    return this.#made
  }

  get level(): string {
    return this.made.level
  }

  child(...given: Parameters<FastifyBaseLogger['child']>): FastifyBaseLogger {
    return this.made.child(...given)
  }
}

for (const level of LEVELS) {
  Object.defineProperty(LazyLogger.prototype, level, {
    value(this: LazyLogger, ...line: [object, string]) {
      this.made[level](...line)
    },
  })
}

/**
 * Creates a request's logger, which writes the request id with every line. pino also redacts that id, which
 * costs about 10 µs, and few requests log anything. So the real logger is created with the first line.
 */
export const lazyRequestLogger: ChildLoggerFactory = (logger, bindings, options) =>
  new LazyLogger(logger, bindings, options) as unknown as FastifyBaseLogger
