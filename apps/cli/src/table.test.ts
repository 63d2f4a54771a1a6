import { expect, test } from 'vitest'
import { layOut, visibleLength } from './table.ts'

const columns = [{ title: 'EMAIL', shrinks: true }, { title: 'ID' }]
const rows = [
  ['ada.lovelace@example.com', 'demo.1'],
  ['b@x', 'demo.2'],
]
const bold = (text: string) => text

test('columns are as wide as what stands in them, and lines end with their text', async () => {
  expect(await layOut(columns, rows, { width: undefined, bold })).toBe(
    [
      'EMAIL                     ID',
      'ada.lovelace@example.com  demo.1',
      'b@x                       demo.2',
    ].join('\n'),
  )
})

test('on a narrow terminal the column that may shrink gives way', async () => {
  const text = await layOut(columns, rows, { width: 20, bold })
  expect(text.split('\n')[1]).toBe('ada.lovelac…  demo.1')
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(20)
})

test('a terminal too narrow for columns gets a title and its value in each line', async () => {
  const lines = (await layOut(columns, rows.slice(0, 1), { width: 15, bold })).split('\n')
  expect(lines[0]).toMatch(/^EMAIL {2}ada\./)
  expect(lines.at(-1)).toBe('ID     demo.1')
  expect(
    lines
      .slice(0, -1)
      .map((line) => line.slice(7))
      .join(''),
  ).toBe(rows[0]?.[0])
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(15)
})

test('colour codes take no room, and nothing but titles is a table too', async () => {
  const red = (text: string) => `\u001b[31m${text}\u001b[39m`
  expect(visibleLength(red('four'))).toBe(4)
  const text = await layOut(columns, [[red('b@x'), 'demo.2']], { width: 80, bold })
  expect(text.split('\n')[1]).toBe(`${red('b@x')}    demo.2`)
  expect(await layOut(columns, [], { width: 80, bold })).toBe('EMAIL  ID')
})
