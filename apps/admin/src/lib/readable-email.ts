import { decode } from 'punycode/'

/**
 * Shows an address's domain in its own script instead of punycode. A domain that is invalid or mixes scripts
 * stays unchanged, so that look-alike letters deceive nobody.
 */
export function readableEmail(email: string): string {
  const at = email.lastIndexOf('@')
  const domain = email.slice(at + 1)
  if (!domain.includes('xn--')) return email
  const labels = domain.split('.').map((label) => {
    const text = label.startsWith('xn--') ? decoded(label.slice(4)) : undefined
    return text !== undefined && isOneScript(text) ? text : label
  })
  return `${email.slice(0, at + 1)}${labels.join('.')}`
}

const SCRIPTS = ['Latin', 'Cyrillic', 'Greek', 'Arabic', 'Hebrew', 'Han', 'Hangul', 'Devanagari', 'Thai'].map(
  (script) => new RegExp(`^[\\p{Script=${script}}\\p{Script=Common}\\p{Script=Inherited}]+$`, 'u'),
)
const JAPANESE = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Common}]+$/u

function isOneScript(text: string): boolean {
  return JAPANESE.test(text) || SCRIPTS.some((script) => script.test(text))
}

function decoded(punycode: string): string | undefined {
  try {
    return decode(punycode)
  } catch {
    return undefined
  }
}
