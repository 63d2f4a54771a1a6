import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Agent, fetch, type RequestInit, type Response } from 'undici'
import type { DevAuthority } from './tls.ts'

/** Calls a service behind the gateway; `init.headers` are added to the service token. */
export type CallService = (
  service: 'persistence' | 'mailer',
  path: string,
  init?: RequestInit & { readonly headers?: Readonly<Record<string, string>> },
) => Promise<Response>

export interface ServiceCallOptions {
  readonly urlOf: (service: 'persistence' | 'mailer') => string
  readonly token: () => Promise<string>
  /** Of mutual TLS; absent: plain HTTP. */
  readonly authority?: Pick<DevAuthority, 'folder'> | undefined
}

export function createServiceCall({ urlOf, token, authority }: ServiceCallOptions): CallService {
  let agent: Promise<Agent> | undefined
  const openAgent = async ({ folder }: Pick<DevAuthority, 'folder'>) => {
    const [cert, key, ca] = await Promise.all(
      ['client.crt', 'client.key', 'ca.crt'].map((name) => readFile(join(folder, name), 'utf8')),
    )
    return new Agent({ connect: { cert, key, ca } })
  }
  return async (service, path, init = {}) => {
    if (authority !== undefined) agent ??= openAgent(authority)
    const dispatcher = await agent
    return fetch(urlOf(service) + path, {
      ...init,
      ...(dispatcher === undefined ? {} : { dispatcher }),
      headers: { authorization: `Bearer ${await token()}`, ...init.headers },
    })
  }
}
