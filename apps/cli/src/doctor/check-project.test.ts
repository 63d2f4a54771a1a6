import { expect, test } from 'vitest'
import { checkGateway, remediesFor } from './check-project.ts'

test('a gateway that does not answer is started where it is: by "up" only from a clone', async () => {
  const remedyAt = async (url: string, isOurs: boolean) =>
    (await checkGateway({ url }, remediesFor({ url }, isOurs))).finding
  expect(await remedyAt('http://127.0.0.1:1', true)).toMatchObject({
    state: 'fail',
    fix: expect.stringContaining('npx emailauth up'),
  })
  expect(await remedyAt('http://127.0.0.1:1', false)).toMatchObject({
    state: 'fail',
    fix: 'See that it runs, or say where it is: EMAILAUTH_URL, --url or a profile.',
  })
  expect(await remedyAt('http://gateway.invalid', false)).toMatchObject({
    state: 'fail',
    fix: expect.stringContaining('on another host'),
  })
})
