import { expect, test } from 'vitest'
import { createByName } from './by-name.ts'

test('has what was set and not deleted, whatever the names', () => {
  const all = createByName<{ readonly at: number }>()
  expect(all.get('__proto__')).toBeUndefined()
  for (const [at, name] of ['a', '__proto__', 'constructor', '7'].entries()) all.set(name, { at })
  all.set('a', { at: 9 })
  expect(all.size).toBe(4)
  all.delete('constructor')
  all.delete('constructor')
  all.delete('never set')
  expect(all.size).toBe(3)
  expect(all.get('constructor')).toBeUndefined()
  expect(all.get('__proto__')).toEqual({ at: 1 })
  expect(all.values().map(({ at }) => at)).toEqual(expect.arrayContaining([9, 1, 3]))
})
