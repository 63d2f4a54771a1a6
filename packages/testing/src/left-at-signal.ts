import { getEventListeners } from 'node:events'

/** How many listeners, and signals of `AbortSignal.any`, a signal keeps. */
export function leftAtSignal(signal: AbortSignal): number {
  // Node keeps the signals that follow this one in a set, under a symbol of its own.
  const name = Object.getOwnPropertySymbols(signal).find(
    ({ description }) => description === 'kDependantSignals',
  )
  const following: { readonly size: number } | undefined = name && Reflect.get(signal, name)
  return getEventListeners(signal, 'abort').length + (following?.size ?? 0)
}
