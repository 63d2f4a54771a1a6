import { expect, test } from 'vitest'
import { layOut } from './table.ts'
import { widthOf } from './wrap.ts'

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
  const wide = [[`${'ada.'.repeat(20)}@example.com`, 'demo.1']]
  const text = await layOut(columns, wide, { width: 60, bold })
  expect(text.split('\n')[1]).toBe(`${'ada.'.repeat(12)}ada…  demo.1`)
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(60)
})

test('a terminal too narrow for columns gets a title and its value in each line', async () => {
  const stacked = (row: readonly string[]) => layOut(columns, [row], { width: 24, bold })
  expect(await stacked(['b@x', 'demo.2 of the demonstration'])).toBe(
    ['EMAIL  b@x', 'ID     demo.2 of the', '       demonstration'].join('\n'),
  )
  // An address is whole, so that it can be copied; below its title there is most room.
  expect(await stacked(['ada@lovelace.example', 'demo.1'])).toBe(
    ['EMAIL', '  ada@lovelace.example', 'ID     demo.1'].join('\n'),
  )
})

test('wide characters take two columns', async () => {
  const text = await layOut(columns, [['日本の店', 'demo.1']], { width: 80, bold })
  expect(text.split('\n')[1]).toBe('日本の店  demo.1')
})

test('colour codes take no room, and nothing but titles is a table too', async () => {
  const red = (text: string) => `\u001b[31m${text}\u001b[39m`
  expect(widthOf(red('four'))).toBe(4)
  const text = await layOut(columns, [[red('b@x'), 'demo.2']], { width: 80, bold })
  expect(text.split('\n')[1]).toBe(`${red('b@x')}    demo.2`)
  expect(await layOut(columns, [], { width: 80, bold })).toBe('EMAIL  ID')
})
