import { Agent, fetch, type RequestInit } from 'undici'

/** PEM texts. */
export interface TlsMaterial {
  readonly cert: string
  readonly key: string
  readonly ca?: string
}

/** `fetch` with a certificate. It is a module of its own because the CLI starts faster without it. */
export function createTlsFetch(material: TlsMaterial) {
  // Without keep-alive: an open connection would hold up the end of the CLI.
  const dispatcher = new Agent({ connect: { ...material }, pipelining: 0 })
  return (url: string, init: RequestInit) => fetch(url, { ...init, dispatcher })
}
