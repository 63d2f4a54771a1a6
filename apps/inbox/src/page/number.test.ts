import { expect, test } from 'vitest'

// A file for the browser, without types of its own here.
const file = new URL('./browser/number.js', import.meta.url).href
const { findNumber } = (await import(file)) as {
  findNumber: (subject: string, text: string) => { shown: string; digits: string } | undefined
}

test.each([
  ['Your number: 4829 1520 4113', '', '4829 1520 4113', '482915204113'],
  ['482-915 is your number', '', '482-915', '482915'],
  ['Tu número: 48291520', '', '48291520', '48291520'],
  ['4829 1520 41', '', '4829 1520 41', '4829152041'],
  ['Invoice 2026-117', '482915', '482915', '482915'],
  ['Invoice 2026-117: 482 915', '', '482 915', '482915'],
  ['4829\u00a01520', '', '4829\u00a01520', '48291520'],
  ['Your number', 'Type this:\r\n\r\n  4829 1520 \r\n\r\nIn 600 seconds.', '4829 1520', '48291520'],
])('%j %j', (subject, text, shown, digits) => {
  expect(findNumber(subject, text)).toEqual({ shown, digits })
})

test.each([
  ['', ''],
  ['In 600 s', 'Call 1234567 now'],
  ['12345', '12345'],
  ['Invoice 2026-117', 'On 2026-11-27\n2026-11-27'],
  ['1 23 456', ''],
  ['1'.repeat(25), '1 '.repeat(500_000)],
  ['order A1234567B', ''],
])('none in %.20j', (subject, text) => {
  expect(findNumber(subject, text)).toBeUndefined()
})
