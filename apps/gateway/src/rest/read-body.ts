import { CALL_ID_RULE, callId } from '@emailauth/contracts/common'
import { ProblemError } from '@emailauth/service/http/problem-error'
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { inputFault } from './input-fault.ts'

/** @throws {ProblemError} `bad-input` that names the first invalid field, never its value */
export function readBody<Body>(shape: z.ZodType<Body>, body: unknown): Body {
  const checked = shape.safeParse(body, { reportInput: true })
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  const field = issue?.path.join('.') ?? ''
  const detail = `${field === '' ? 'The body' : field} ${inputFault(issue)}`
  throw new ProblemError('bad-input', detail, field === '' ? {} : { field })
}

/** Moves the header into the body's field. It may be bare, or quoted as a structured field. */
export function withIdempotencyKey<Body extends { idempotencyKey?: string | undefined }>(
  { headers }: FastifyRequest,
  body: Body,
): Body {
  const header = headers['idempotency-key']
  if (typeof header !== 'string') return body
  const idempotencyKey = /^"(.*)"$/.exec(header)?.[1] ?? header
  const field = 'idempotencyKey'
  if (!callId.safeParse(idempotencyKey).success)
    throw new ProblemError('bad-input', `Idempotency-Key ${CALL_ID_RULE}`, { field })
  if (body.idempotencyKey !== undefined && body.idempotencyKey !== idempotencyKey)
    throw new ProblemError('bad-input', 'Idempotency-Key and idempotencyKey differ; give one of them.', {
      field,
    })
  return { ...body, idempotencyKey }
}
