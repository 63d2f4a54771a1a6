const MAX_LENGTH = 300

/** An SMTP server's reply as it may be kept and shown: one line, not long, without the address or the number it may repeat. */
export function withoutSecrets(reply: string, { email, number }: { email: string; number: string }): string {
  const grouped = [...number].join('[ -]?')
  const local = email.slice(0, email.lastIndexOf('@'))
  return reply
    .replace(/[\p{C}\s]+/gu, ' ')
    .replace(new RegExp(`${escapeRegExp(email)}|(?<=<)${escapeRegExp(local)}(?=[@>])`, 'giu'), '…')
    .replace(new RegExp(grouped, 'g'), '…')
    .trim()
    .slice(0, MAX_LENGTH)
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}
