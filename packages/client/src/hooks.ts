export interface RequestInfo {
  /** The field that is called, such as `register`. */
  readonly operation: string
  /** 1 for the first. */
  readonly attempt: number
}

/**
 * Hooks for tracing and logging. They get no variables and no replies, so that no number, token or address
 * is logged. Errors that a hook throws are ignored.
 */
export interface Hooks {
  /** Before an attempt is sent. Headers may be added, such as `traceparent`. */
  readonly onRequest?: ((info: RequestInfo & { readonly headers: Headers }) => void) | undefined
  /** After an attempt was answered with data. */
  readonly onResponse?:
    | ((
        info: RequestInfo & {
          readonly status: number
          readonly requestId: string | undefined
          readonly durationMs: number
        },
      ) => void)
    | undefined
  /** After an attempt that failed; `error` is an `EmailauthError`, or the reason of the caller's signal. */
  readonly onError?:
    | ((
        info: RequestInfo & {
          readonly error: unknown
          readonly willRetry: boolean
          readonly durationMs: number
        },
      ) => void)
    | undefined
}

/** The hooks, each callable although it is absent, and without its errors. */
export function createHooks({ onRequest, onResponse, onError }: Hooks) {
  return { request: guarded(onRequest), response: guarded(onResponse), error: guarded(onError) }
}

function guarded<Info>(hook: ((info: Info) => void) | undefined): (info: Info) => void {
  return (info) => {
    try {
      hook?.(info)
    } catch {
      // A logger that fails must not fail a sign-in.
    }
  }
}
