/** One reply of an SMTP server. The lines of a long one are joined. */
export interface Reply {
  readonly code: number
  /** The reply as received, with its code. */
  readonly text: string
}

/** Longest reply accepted, in characters. */
const MAX_REPLY = 64 * 1024
/** Most empty lines before a reply. Some servers send one; a flood of them would never end by a time-out. */
const MAX_EMPTY_LINES = 16
const LINE = /^\d{3}(?:[ -]|$)/

/**
 * Reads replies from a server's output, however it is split.
 * @returns a function that takes the next piece. False: the input is not SMTP, and the rest is unreadable.
 */
export function createReplyReader(onReply: (reply: Reply) => void): (piece: string) => boolean {
  let rest = ''
  let earlierLines = ''
  let emptyLines = 0

  function read(line: string): boolean {
    if (line === '' && earlierLines === '') {
      emptyLines += 1
      return emptyLines <= MAX_EMPTY_LINES
    }
    if (!LINE.test(line)) return false
    if (line[3] === '-') {
      earlierLines += `${line}\n`
      return earlierLines.length <= MAX_REPLY
    }
    const text = earlierLines + line
    earlierLines = ''
    emptyLines = 0
    onReply({ code: Number(line.slice(0, 3)), text })
    return true
  }

  return (piece) => {
    rest += piece
    let at = 0
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', at)) {
      const line = rest.slice(at, rest[end - 1] === '\r' ? end - 1 : end)
      at = end + 1
      if (!read(line)) return false
    }
    rest = rest.slice(at)
    return rest.length <= MAX_REPLY
  }
}
