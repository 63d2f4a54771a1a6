import { MAX_BODY_BYTES } from '@emailauth/contracts/common'
import { type Problem, problem as problemShape } from '@emailauth/contracts/problems'
import { ProblemError } from '@emailauth/service/problem-error'
import { splitLines } from '../split-lines.ts'

/** What a service answered: the body of a 2xx reply, or a problem that the caller has to expect. */
export type Reply<Body> = { readonly body: Body } | { readonly problem: Problem }

export const TRY_AGAIN = 'The service is not available for the moment; try again in a few seconds.'

/**
 * Reads what a service answered.
 * @param body what its JSON says.
 * @param where names the answer in log lines
 * @throws {ProblemError} `unavailable` when the service says so itself, `internal` when it failed or makes no sense.
 */
export function readReply<Body>(status: number, body: unknown, where: () => string): Reply<Body> {
  if (status < 300) return { body: body as Body }
  const parsed = problemShape.safeParse(body)
  if (!parsed.success) throw new ProblemError('internal', where())
  const problem = parsed.data
  if (problem.code === 'internal') throw new ProblemError('internal', `${where()}: ${problem.detail}`)
  if (problem.code === 'unavailable') {
    throw new ProblemError('unavailable', TRY_AGAIN, {
      retryAfterSeconds: problem.retryAfterSeconds,
      cause: new Error(`${where()}: ${problem.detail}`),
    })
  }
  return { problem }
}

/**
 * What the JSON of a reply says; undefined where there is none.
 * @throws {ProblemError} `internal` when it is no JSON.
 */
export function parseReply(status: number, text: string): unknown {
  return status === 204 ? undefined : parse(text)
}

/** The body of a reply; a problem is thrown, for callers that expect none. */
export function bodyOf<Body>(reply: Reply<Body>): Body {
  if ('body' in reply) return reply.body
  const { code, detail, ...extras } = reply.problem
  // The service does not know the gateway's service token: our fault, not that of who holds an API key.
  if (code === 'unauthenticated' || code === 'forbidden') throw new ProblemError('internal', detail)
  throw new ProblemError(code, detail, extras)
}

/** Hands over the lines of a good reply as they come, each as what its JSON says. */
export async function readLines(body: AsyncIterable<Buffer>, onLine: (line: unknown) => void): Promise<void> {
  const split = splitLines((line) => onLine(parse(line)), MAX_BODY_BYTES)
  for await (const piece of body) split(piece)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ProblemError('internal', 'A service answered with something that is not JSON.', { cause })
  }
}
