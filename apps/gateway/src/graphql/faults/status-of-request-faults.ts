import type { ApolloServerPlugin } from '@apollo/server'
import type { GatewayContext } from '../context.ts'

const PLAIN_JSON = 'application/json'
/** A document that cannot be parsed, validated or run with its operation name or variables. */
const FAULTS_OF_DOCUMENTS: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
])

/**
 * 200 instead of 400 for a document that cannot be run, as GraphQL over HTTP recommends for callers who
 * prefer `application/json`: clients from before the newer media type read no body of another status. All
 * other callers get 400, also those without an `Accept` header. A request without a document is 400 for all.
 */
export const statusOfRequestFaults: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart({ request }) {
    // requireAcceptable has reduced the header to one media type, if it named any.
    if (request.http?.headers.get('accept') !== PLAIN_JSON) return undefined
    return {
      async willSendResponse({ errors, response }) {
        const { body, http } = response
        const hasRun = body.kind !== 'single' || body.singleResult.data !== undefined
        if (hasRun || http.status !== 400 || errors === undefined) return
        if (errors.every(({ extensions }) => FAULTS_OF_DOCUMENTS.has(extensions.code))) http.status = 200
      },
    }
  },
}
