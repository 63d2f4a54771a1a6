import { expect, test } from 'vitest'
import { validityIn, validityOf } from './validity.ts'

test.each([
  [600_000, '10 minutes', '10 minutos'],
  [599_400, '10 minutes', '10 minutos'],
  [119_990, '2 minutes', '2 minutos'],
  [60_000, '60 seconds', '60 segundos'],
  [59_400, '60 seconds', '60 segundos'],
  [3_600_000, '60 minutes', '60 minutos'],
  [86_400_000, '24 hours', '24 horas'],
  [86_399_990, '24 hours', '24 horas'],
  [1, '10 seconds', '10 segundos'],
  [-5, '10 seconds', '10 segundos'],
])('%i ms are %s', (ms, english, spanish) => {
  expect(validityIn('en', validityOf(ms))).toBe(english)
  expect(validityIn('es', validityOf(ms))).toBe(spanish)
})
