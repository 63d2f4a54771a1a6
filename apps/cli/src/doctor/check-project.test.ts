import { expect, test } from 'vitest'
import { checkGateway } from './check-project.ts'

test('a gateway that does not answer is started where it is: here by "up", elsewhere not', async () => {
  const remedyAt = async (url: string) => (await checkGateway({ url })).finding
  expect(await remedyAt('http://127.0.0.1:1')).toMatchObject({
    state: 'fail',
    fix: expect.stringContaining('npx emailauth up'),
  })
  expect(await remedyAt('http://gateway.invalid')).toMatchObject({
    state: 'fail',
    fix: expect.stringContaining('on another host'),
  })
})
