import { expect, test } from 'vitest'
import { readJsonRecord, writeJsonRecord } from './json-record.ts'

const record = { id: 'acme', settings: { ttlSeconds: 60 } }

test('a record is read as it was written, and carries its format', () => {
  expect(JSON.parse(writeJsonRecord(3, record))).toEqual({ format: 3, ...record })
  expect(readJsonRecord(writeJsonRecord(3, record), 3, 'tenant')).toEqual(record)
})

test('a record of an older format is read, and one without a format is of the first', () => {
  expect(readJsonRecord(writeJsonRecord(1, record), 2, 'tenant')).toEqual(record)
  expect(readJsonRecord(JSON.stringify(record), 1, 'tenant')).toEqual(record)
})

test.each([2, 0, 1.5, '1', null])(
  'a record of format %j is refused by a build that reads format 1',
  (format) => {
    const stored = JSON.stringify({ ...record, format })
    expect(() => readJsonRecord(stored, 1, 'tenant')).toThrow(
      `A stored tenant has format ${format}; this version of emailauth reads formats up to 1. A newer version wrote it.`,
    )
  },
)
