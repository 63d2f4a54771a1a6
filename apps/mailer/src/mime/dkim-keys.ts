import { readFileSync } from 'node:fs'
import { type DkimKey, readDkimKey } from './dkim.ts'

/**
 * Reads `EMAILAUTH_DKIM`: `domain:selector:/path/key.pem`, comma-separated.
 * @throws {Error} with a sentence that names the fault and contains no key.
 */
export function parseDkimKeys(list: string): readonly DkimKey[] {
  return list.split(',').map((text) => {
    const [, domain, selector, path] = /^([a-z0-9.-]+):([A-Za-z0-9._-]+):(.+)$/.exec(text.trim()) ?? []
    if (domain === undefined || selector === undefined || path === undefined) {
      throw new Error('must be domain:selector:/path/key.pem, or several of them, comma-separated')
    }
    return readDkimKey(domain, selector, pemAt(path))
  })
}

function pemAt(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Error(`there is no key to be read at ${path}`, { cause })
  }
}
