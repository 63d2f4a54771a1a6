const SCRIPTS = ['Latin', 'Cyrillic', 'Greek', 'Arabic', 'Hebrew', 'Han', 'Hangul', 'Devanagari', 'Thai'].map(
  (script) => new RegExp(`^[\\p{Script=${script}}\\p{Script=Common}\\p{Script=Inherited}]+$`, 'u'),
)
const JAPANESE = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Common}]+$/u

/**
 * Shows an address's domain in its own script instead of punycode. A label that is invalid or mixes scripts
 * stays unchanged, so that look-alike letters deceive nobody.
 * @param decode a label such as `xn--bcher-kva` as people write it; undefined: it is invalid
 */
export function readableEmail(email: string, decode: (label: string) => string | undefined): string {
  const at = email.lastIndexOf('@')
  const domain = email.slice(at + 1)
  if (!domain.includes('xn--')) return email
  const labels = domain.split('.').map((label) => {
    const text = label.startsWith('xn--') ? decode(label) : undefined
    return text !== undefined && isOneScript(text) ? text : label
  })
  return `${email.slice(0, at + 1)}${labels.join('.')}`
}

function isOneScript(text: string): boolean {
  return JAPANESE.test(text) || SCRIPTS.some((script) => script.test(text))
}
