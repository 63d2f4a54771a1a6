/** A listener for reports of mail servers. */
export interface BounceEndpoint {
  readonly protocol: 'smtp' | 'lmtp'
  readonly host: string
  /** 0: any free port. */
  readonly port: number
}

const FORM = /^(smtp|lmtp):\/\/(\[[0-9a-f:]+\]|[a-z0-9.-]+):(\d{1,5})$/i

/**
 * Reads `EMAILAUTH_BOUNCE_LISTEN`: `smtp://0.0.0.0:25`, `lmtp://127.0.0.1:2424`, or several, comma-separated.
 * @throws {Error} with a sentence that shows the right form
 */
export function parseBounceListen(text: string): readonly BounceEndpoint[] {
  return text.split(',').map((one) => {
    const [, protocol = '', host = '', port = ''] = FORM.exec(one.trim()) ?? []
    if (protocol === '' || Number(port) > 65_535)
      throw new Error('must be smtp:// or lmtp:// with host and port, such as smtp://0.0.0.0:25')
    return {
      protocol: protocol.toLowerCase() === 'lmtp' ? 'lmtp' : 'smtp',
      host: host.replace(/^\[|\]$/g, ''),
      port: Number(port),
    }
  })
}
