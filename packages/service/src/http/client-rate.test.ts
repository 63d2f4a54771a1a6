import { expect, test } from 'vitest'
import { createClientRate } from './client-rate.ts'

let nowMs = 1_000_000
const rateOf = (most: number) => createClientRate({ most, windowMs: 60_000, now: () => nowMs })

test('a client has so many calls in a window, another one its own', () => {
  const rate = rateOf(3)
  const waits = () => rate.secondsToWait('192.0.2.1')
  expect([waits(), waits(), waits()]).toEqual([0, 0, 0])
  nowMs += 20_000
  expect(waits()).toBe(40)
  expect(rate.secondsToWait('192.0.2.2')).toBe(0)
  nowMs += 39_999
  expect(waits()).toBe(1)
  nowMs += 1
  expect(waits()).toBe(0)
})

test('a client counts once, however its address is written, and by its /64', () => {
  const rate = rateOf(2)
  for (const address of ['192.0.2.7', '::ffff:192.0.2.7']) expect(rate.secondsToWait(address)).toBe(0)
  expect(rate.secondsToWait('[::ffff:192.0.2.7]:4711')).toBeGreaterThan(0)
  for (const address of ['2001:db8::1', '2001:DB8:0:0:ffff::2']) expect(rate.secondsToWait(address)).toBe(0)
  expect(rate.secondsToWait('2001:db8::3')).toBeGreaterThan(0)
  for (const address of ['nonsense', undefined]) expect(rate.secondsToWait(address)).toBe(0)
  expect(rate.secondsToWait('unknown')).toBeGreaterThan(0)
})

test('a /48 has as many calls as sixteen of its /64', () => {
  const rate = rateOf(2)
  for (let subnet = 0; subnet < 16; subnet++)
    for (let host = 1; host <= 2; host++)
      expect(rate.secondsToWait(`2001:db8:1:${subnet.toString(16)}::${host}`)).toBe(0)
  expect(rate.secondsToWait('2001:db8:1:ff::1')).toBeGreaterThan(0)
  expect(rate.secondsToWait('2001:db8:2:ff::1')).toBe(0)
})

test('strangers of ever so many networks fill no memory, and leave a newer client its count', () => {
  const rate = rateOf(1)
  expect(rate.secondsToWait('198.51.100.1')).toBe(0)
  const strangers = (from: number) => {
    for (let i = 0; i < 10_000 / 2; i++) rate.secondsToWait(`10.${from}.${Math.floor(i / 256)}.${i % 256}`)
  }
  strangers(0)
  expect(rate.secondsToWait('198.51.100.1')).toBeGreaterThan(0)
  strangers(1)
  expect(rate.secondsToWait('198.51.100.1')).toBe(0)
})

test('a clock that is set back locks nobody out', () => {
  const rate = rateOf(1)
  rate.secondsToWait('192.0.2.1')
  nowMs -= 3_600_000
  expect(rate.secondsToWait('192.0.2.1')).toBe(0)
  expect(rate.secondsToWait('192.0.2.1')).toBe(60)
})
