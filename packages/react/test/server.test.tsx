import { renderToString } from 'react-dom/server'
import { expect, test, vi } from 'vitest'
import { NumberField } from '../src/number-field.tsx'

test('it renders on a server, with all that helps a person type', () => {
  const warn = vi.spyOn(console, 'error')
  const html = renderToString(<NumberField digits={8} locale="es" onResend={() => undefined} />)
  for (const part of [
    'inputMode="numeric"',
    'autoComplete="one-time-code"',
    'name="number"',
    'role="alert"',
  ]) {
    expect(html.toLowerCase()).toContain(part.toLowerCase())
  }
  expect(html).toContain('Código del correo')
  expect(html).toContain('Enviar el código otra vez en 30 s')
  expect(warn).not.toHaveBeenCalled()
})

test('a resend may be an async function that returns nothing', () => {
  expect(renderToString(<NumberField onResend={async () => {}} />)).toContain('Send the code again')
})

test('the element can be imported where there is no page', async () => {
  expect(await import('../src/element/element.ts')).toHaveProperty('EmailauthNumberField')
})
