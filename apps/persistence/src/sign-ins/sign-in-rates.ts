import type { Rate } from '@emailauth/contracts/tenants'

const MINUTES = 60
const DAY = 86_400

/** Mails of one ticket, because a person may request its number again. */
export const MAILS_PER_TICKET = 3

/** Mails to one admin that strangers from one network can cause. */
export const PER_NETWORK: readonly Rate[] = [
  { max: 4, windowSeconds: 10 * MINUTES },
  { max: 12, windowSeconds: DAY },
]

/**
 * Mails to one admin that all strangers together can cause. 40 tickets a day with 5 tries at 10^8 numbers
 * give a guesser a chance of 2 in a million a day.
 */
export const PER_ADDRESS: readonly Rate[] = [
  { max: 10, windowSeconds: 10 * MINUTES },
  { max: 40, windowSeconds: DAY },
]

/** Mails to one admin for a browser in which that admin signed in before. Strangers cannot use these up. */
export const PER_DEVICE: readonly Rate[] = [
  { max: 6, windowSeconds: 10 * MINUTES },
  { max: 30, windowSeconds: DAY },
]

/** The rates as lua/rules/sign-in-begin.lua reads them. */
export const toArgument = (rates: readonly Rate[]): string =>
  rates.map(({ max, windowSeconds }) => `${max}:${windowSeconds * 1000}`).join(',')
