/** A person to register. Addresses and client IPs are unique in a run, so that no limit is reached. */
export interface Person {
  readonly email: string
  /** Ten people share one. */
  readonly clientIp: string
}

/** Bytes of a token in the bench. */
export const TOKEN_BYTES = 64
export const TOKEN = 'bench-token-'.padEnd(TOKEN_BYTES, 'x')

/** Answers as many new people as asked for, at each call others. */
export function createPeople(): (count: number) => Person[] {
  let next = 0
  return (count) =>
    Array.from({ length: count }, () => {
      const id = next++
      const network = Math.floor(id / 10)
      return {
        email: `person-${id.toString().padStart(8, '0')}@example.com`,
        clientIp: `10.${(network >> 16) & 255}.${(network >> 8) & 255}.${network & 255}`,
      }
    })
}
