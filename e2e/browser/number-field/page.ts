/** What the two pages share with the test, on `window`. */
export interface Probe {
  /** What the form sent. */
  readonly sent: string[]
  readonly completed: string[]
  number: string | undefined
  resends: number
  /** What the next resend answers; a text is thrown. */
  answer: { code: string; retryAfterSeconds?: number } | { retryAfterSeconds: number } | string | undefined
}

declare global {
  interface Window {
    probe: Probe
  }
}

export const probe: Probe = { sent: [], completed: [], number: undefined, resends: 0, answer: undefined }
window.probe = probe

export async function resend() {
  probe.resends += 1
  if (typeof probe.answer === 'string') throw new Error(probe.answer)
  return probe.answer
}

/** How the page is asked for: `?lang=es&digits=8`. */
export const query = new URLSearchParams(location.search)
document.documentElement.lang = query.get('lang') ?? 'en'
