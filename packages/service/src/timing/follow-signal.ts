/**
 * Aborts the controller when the signal aborts. Returns a function that ends this. `AbortSignal.any` does it
 * in one line, but for each call it leaves something at a signal that lives long: on Node 20 for ever.
 */
export function followSignal(controller: AbortController, signal: AbortSignal): () => void {
  const follow = () => controller.abort(signal.reason)
  if (signal.aborted) follow()
  else signal.addEventListener('abort', follow, { once: true })
  return () => signal.removeEventListener('abort', follow)
}
