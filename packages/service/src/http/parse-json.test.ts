import { expect, test } from 'vitest'
import { parseJson } from './parse-json.ts'

test.each(['{"number":918273645546', '{"token":planted', '[918273645546 918273645546]'])(
  'the error about %s quotes nothing',
  (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError)
    try {
      parseJson(text)
    } catch (error) {
      expect(`${(error as Error).stack} ${(error as Error).cause}`).not.toMatch(/9182|planted/)
    }
  },
)

test('valid JSON is parsed', () => expect(parseJson('{"a":[1]}')).toEqual({ a: [1] }))
