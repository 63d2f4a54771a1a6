import { expect } from 'vitest'

const ADDRESS = 'An email address reads name@domain.'

/**
 * Signs in by a number, with an address and a number that are none, with wrong numbers, the number a second time, and a thief who has the number in a
 * browser of his own.
 *
 * @param {ReturnType<typeof import('./browser.js').createBrowser>} browser
 * @param {string} email
 * @param {(email: string) => Promise<string>} numberFor
 */
export async function passesRoundTrip(browser, email, numberFor) {
  expect((await browser.get('/me')).status).toBe(401)
  expect((await browser.post('/code', { number: '123456789012' })).status).toBeGreaterThanOrEqual(400)
  const mistyped = await browser.post('/sign-in', { email: 'ada' })
  expect([mistyped.status, await mistyped.json()]).toEqual([
    422,
    expect.objectContaining({ message: ADDRESS }),
  ])
  expect((await browser.post('/sign-in', { email })).status).toBe(200)
  const tooLong = await browser.post('/code', { number: '1'.repeat(300) })
  expect([401, 422]).toContain(tooLong.status)
  expect((await browser.post('/code', { number: '123456789012' })).status).toBeGreaterThanOrEqual(400)
  const number = await numberFor(email)
  const thief = browser.another()
  expect((await thief.post('/sign-in', { email: `thief-of-${email}` })).status).toBe(200)
  expect((await thief.post('/code', { number })).status).toBeGreaterThanOrEqual(400)
  expect((await thief.get('/me')).status).toBe(401)
  expect(await (await browser.post('/code', { number })).json()).toEqual({ email })
  expect(await (await browser.get('/me')).json()).toEqual({ email })
  expect((await browser.post('/code', { number })).status).toBeGreaterThanOrEqual(400)
  for (const cookie of browser.setCookies.filter((line) => !/max-age=0\b/i.test(line)))
    expect(cookie).toMatch(/HttpOnly/i)
}
