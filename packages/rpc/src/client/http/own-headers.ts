import { problem } from '@emailauth/contracts/problems'
import { SERVICE_HEADER } from '@emailauth/service/http/addressed-service'
import { parseJson } from '../reply.ts'

/** Headers of every call to a service: they let us in, and say which service is meant. */
export type OwnHeaders = Readonly<Record<'authorization' | typeof SERVICE_HEADER, string>>

export function ownHeaders(service: string, serviceToken: string): OwnHeaders {
  return { authorization: `Bearer ${serviceToken}`, [SERVICE_HEADER]: service }
}

/** The status of a reply from another service than the one that was meant. */
export const MISDIRECTED = 421

/** Another service answers at the URL of this one. The call has certainly not taken effect. */
export class Misdirected extends Error {
  readonly code = 'MISDIRECTED'

  constructor(url: string, body: string) {
    const { data } = problem.safeParse(parseJson(body))
    super(`another service answers at ${new URL(url).origin}: ${data?.detail ?? `status ${MISDIRECTED}`}`)
  }
}
