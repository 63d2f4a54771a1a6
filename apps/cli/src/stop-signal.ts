import { once } from 'node:events'

/**
 * Aborts when a person presses Ctrl-C or the system asks by SIGTERM; our own stdout does so too, when its
 * reader has seen enough.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController()
  void Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]).then(() => stop.abort())
  return stop.signal
}
