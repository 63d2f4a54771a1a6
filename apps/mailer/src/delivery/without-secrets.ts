const MAX_LENGTH = 300
const UNSHOWABLE = /[\p{C}\s]+/gu
/** Where the number is not known, whatever looks like one goes. */
const ANY_NUMBER = /\d(?:[ -]?\d){5,}/g

/** An SMTP server's reply as it may be kept and shown: one line, not long, without the address or the number it may repeat. */
export function withoutSecrets(
  reply: string,
  { email, number }: { readonly email: string; readonly number?: string },
): string {
  const line = reply.replace(UNSHOWABLE, ' ').trim()
  return withoutNumber(withoutAddress(line, email), number).slice(0, MAX_LENGTH)
}

// Nearly every reply is a short "OK", and to look before a pattern is made costs a fraction of making it.

function withoutAddress(line: string, email: string): string {
  const local = email.slice(0, email.lastIndexOf('@'))
  if (!line.toLowerCase().includes(local.toLowerCase())) return line
  return line.replace(new RegExp(`${escapeRegExp(email)}|(?<=<)${escapeRegExp(local)}(?=[@>])`, 'giu'), '…')
}

function withoutNumber(line: string, number: string | undefined): string {
  if (number === undefined) return line.replace(ANY_NUMBER, '…')
  if (!line.replace(/[ -]/g, '').includes(number)) return line
  return line.replace(new RegExp([...number].join('[ -]?'), 'g'), '…')
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}
