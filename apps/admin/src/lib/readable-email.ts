import { readableEmail as readable } from '@emailauth/contracts/readable-email'
import { decode } from 'punycode/'

/** Shows an address's domain in its own script instead of punycode, where that deceives nobody. */
export function readableEmail(email: string): string {
  return readable(email, (label) => {
    try {
      return decode(label.slice('xn--'.length))
    } catch {
      return undefined
    }
  })
}
