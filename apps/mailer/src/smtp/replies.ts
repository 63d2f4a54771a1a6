/** One reply of an SMTP server; the lines of a long one are joined. */
export interface Reply {
  readonly code: number
  /** As it came, with its code. */
  readonly text: string
}

/** No honest reply is longer, in characters. */
const MAX_REPLY = 64 * 1024
const LINE = /^\d{3}(?:[ -]|$)/

/**
 * Reads replies out of what a server sends, in whatever pieces it comes.
 * @returns takes the next piece; false when what came is not SMTP, and nothing after it can be understood.
 */
export function createReplyReader(onReply: (reply: Reply) => void): (piece: string) => boolean {
  let rest = ''
  let earlierLines = ''
  return (piece) => {
    rest += piece
    let at = 0
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', at)) {
      const line = rest.slice(at, rest[end - 1] === '\r' ? end - 1 : end)
      at = end + 1
      if (line === '' && earlierLines === '') continue
      if (!LINE.test(line)) return false
      if (line[3] === '-') {
        earlierLines += `${line}\n`
        if (earlierLines.length > MAX_REPLY) return false
      } else {
        const text = earlierLines + line
        earlierLines = ''
        onReply({ code: Number(line.slice(0, 3)), text })
      }
    }
    rest = rest.slice(at)
    return rest.length <= MAX_REPLY
  }
}
