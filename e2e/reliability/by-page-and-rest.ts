import type { SearchedText } from './hunt.ts'

/** The hosted page and REST of one gateway, as a browser and a program use them. */
export interface PageAndRest {
  /** Posts a number to the page. Gives the one-time result when it was right. */
  typeOnPage(what: string, identityId: string, number: string): Promise<string | undefined>
  /** Posts to REST. Gives the status. */
  rest(what: string, path: string, body: string | object): Promise<number>
  readonly replies: SearchedText[]
}

export function createPageAndRest(url: string, key: string): PageAndRest {
  const replies: SearchedText[] = []
  const keep = async (what: string, reply: Response) => {
    const head = [...reply.headers].map(([name, value]) => `${name}: ${value}`).join('\n')
    replies.push({ name: `reply to ${what}`, content: `${head}\n${await reply.text()}` })
  }
  return {
    replies,
    async typeOnPage(what, identityId, number) {
      const reply = await fetch(`${url}/verify/${identityId}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { origin: url, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ number, attempt: what }),
      })
      const location = reply.headers.get('location')
      // To the tenant's server with the result, or to the form with what was wrong.
      const next = location === null ? undefined : new URL(location, url)
      const result = next?.searchParams.get('result')
      if (result !== null && result !== undefined) return result
      await keep(what, reply)
      if (next !== undefined) await keep(`${what}, form`, await fetch(next))
      return undefined
    },
    async rest(what, path, body) {
      const reply = await fetch(url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })
      if (!reply.ok) await keep(what, reply)
      return reply.status
    },
  }
}
