import type { Rate } from '@emailauth/contracts/tenants'

const MINUTES = 60
const DAY = 86_400

/** Mails of one ticket: its number may be asked for again. */
export const MAILS_PER_TICKET = 3

/** Mails to one admin that strangers of one network can cause. */
export const PER_NETWORK: readonly Rate[] = [
  { max: 4, windowSeconds: 10 * MINUTES },
  { max: 12, windowSeconds: DAY },
]

/**
 * Mails to one admin that all strangers can cause. With it 40 tickets of 5 tries at 10^8 numbers stand against a guess in a day: 2 in a million.
 */
export const PER_ADDRESS: readonly Rate[] = [
  { max: 10, windowSeconds: 10 * MINUTES },
  { max: 40, windowSeconds: DAY },
]

/** Mails to one admin for one browser in which she has signed in before: strangers cannot use these up. */
export const PER_DEVICE: readonly Rate[] = [
  { max: 6, windowSeconds: 10 * MINUTES },
  { max: 30, windowSeconds: DAY },
]

/** As the rule reads them. */
export const toArgument = (rates: readonly Rate[]): string =>
  rates.map(({ max, windowSeconds }) => `${max}:${windowSeconds * 1000}`).join(',')
