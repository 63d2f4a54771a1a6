import { ProblemError } from '@emailauth/service/http/problem-error'

/** Thrown where no endpoint has the id. */
export const unknownWebhook = () =>
  new ProblemError('not-found', 'There is no such webhook endpoint.', { field: 'id' })
