const TIMEOUT_MS = 5000
const MAX_CHARACTERS = 64 * 1024

/** Fetches a small text by HTTPS without following redirects. */
export async function fetchText(url: string): Promise<string> {
  const reply = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) })
  if (!reply.ok) throw new Error(`${reply.status} from ${new URL(url).host}`)
  const text = await reply.text()
  if (text.length > MAX_CHARACTERS) throw new Error('The text is too long.')
  return text
}
