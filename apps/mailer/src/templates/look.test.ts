import { readableOn } from '@emailauth/contracts/readable-on'
import { expect, test } from 'vitest'
import { linkWith } from './look.ts'

test.each([
  ['#000000', '#ffffff'],
  ['#ffffff', '#000000'],
  ['#2b6cb0', '#ffffff'],
  ['#ffd400', '#000000'],
  ['#FF0000', '#000000'],
  ['#767676', '#000000'],
  ['#1a1a2e', '#ffffff'],
])('upon %s %s can be read', (colour, text) => {
  expect(readableOn(colour)).toBe(text)
})

test('whatever the colour, the contrast is at least 4.5:1', () => {
  const light = (hex: string) => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  for (let value = 0; value <= 0xffffff; value += 9973) {
    const colour = `#${value.toString(16).padStart(6, '0')}`
    const [a, b] = [light(colour), light(readableOn(colour))]
    expect((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), colour).toBeGreaterThanOrEqual(4.5)
  }
})

test('the number goes into the link as it is', () => {
  expect(linkWith('https://a.example/verify#n={number}', '123$&')).toBe('https://a.example/verify#n=123$&')
})
