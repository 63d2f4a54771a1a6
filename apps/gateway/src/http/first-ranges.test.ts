import { expect, test } from 'vitest'
import { pageLanguage } from '../hosted-page/texts.ts'
import { compress } from './compress-reply.ts'
import { MOST_RANGES } from './first-ranges.ts'
import { prefersHtml, responseType } from './media-types.ts'

const JSON_TYPE = 'application/graphql-response+json'

test('50 ranges of a header count', () => {
  expect(MOST_RANGES).toBe(50)
  const behind = (others: number, other: string, last: string) => `${`${other},`.repeat(others)}${last}`
  expect(responseType(behind(49, 'a/b', JSON_TYPE))).toBe(JSON_TYPE)
  expect(responseType(behind(50, 'a/b', JSON_TYPE))).toBeUndefined()
  expect(prefersHtml(behind(49, 'a/b', 'text/html'))).toBe(true)
  expect(prefersHtml(behind(50, 'a/b', 'text/html'))).toBe(false)
  const encodingOf = (header: string) => compress({ headers: { 'accept-encoding': header } }, 'x')?.encoding
  expect(encodingOf(behind(49, 'zstd', 'br'))).toBe('br')
  expect(encodingOf(behind(50, 'zstd', 'br'))).toBeUndefined()
  const languageOf = (header: string) => pageLanguage({ 'accept-language': header })
  expect(languageOf(behind(49, 'fr;q=0', 'es'))).toBe('es')
  expect(languageOf(behind(50, 'fr;q=0', 'es'))).toBe('en')
})
