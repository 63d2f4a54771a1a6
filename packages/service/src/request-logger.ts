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
 * Makes the logger of one request, which writes the request's id with every line. pino looks for secrets in the id too, which
 * costs about 10 µs, and almost no request logs anything: so the real logger is made when the first line is written.
 */
export const lazyRequestLogger: ChildLoggerFactory = (logger, bindings, options) =>
  new LazyLogger(logger, bindings, options) as unknown as FastifyBaseLogger
