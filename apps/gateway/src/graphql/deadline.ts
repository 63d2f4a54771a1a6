import { ApolloServer, type BaseContext, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server'
import { responseType } from './media-types.ts'

type Execute<Context extends BaseContext> = ApolloServer<Context>['executeHTTPGraphQLRequest']

/** Longer than the longest way through all of its services' own time-outs that still makes sense to wait for. */
export const OPERATION_TIMEOUT_MS = 12_000

/**
 * Apollo Server whose operations are answered in time. What runs too long is answered with `SERVICE_UNAVAILABLE` and status 503; it may
 * still take effect, as with any reply that is lost, and calls with an idempotency key can be repeated.
 */
export class TimedApolloServer<Context extends BaseContext> extends ApolloServer<Context> {
  /** Set before the first request. */
  operationTimeoutMs = OPERATION_TIMEOUT_MS

  override async executeHTTPGraphQLRequest(
    call: Parameters<Execute<Context>>[0],
  ): Promise<HTTPGraphQLResponse> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<HTTPGraphQLResponse>((resolve) => {
      timer = setTimeout(() => {
        this.logger.warn('an operation was not answered in time')
        resolve(tooLate(call.httpGraphQLRequest.headers.get('accept')))
      }, this.operationTimeoutMs)
    })
    try {
      return await Promise.race([super.executeHTTPGraphQLRequest(call), late])
    } finally {
      clearTimeout(timer)
    }
  }
}

function tooLate(accept: string | undefined): HTTPGraphQLResponse {
  const type = responseType(accept) ?? 'application/json'
  const error = {
    message: 'The operation took too long; whether it took effect is unknown.',
    extensions: { code: 'SERVICE_UNAVAILABLE' },
  }
  return {
    status: 503,
    headers: new HeaderMap([
      ['content-type', `${type}; charset=utf-8`],
      ['retry-after', '1'],
    ]),
    body: { kind: 'complete', string: JSON.stringify({ errors: [error] }) },
  }
}
