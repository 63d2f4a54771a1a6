import { EmailauthError } from '@emailauth/client'

/** What ends by itself: a command that runs until Ctrl-C goes on trying. */
export function isPassing(error: unknown): error is EmailauthError {
  return error instanceof EmailauthError && ['UNREACHABLE', 'SERVICE_UNAVAILABLE'].includes(error.code)
}
