import { randomBytesOf } from '@emailauth/secrets/random'

/**
 * Draws a number of `digits` digits from a CSPRNG, evenly among those that name `partition` (number modulo `partitions`).
 * The 128 bits that are drawn make the unevenness of the modulo smaller than 2^-48 for any length in use.
 */
export function generateNumber(digits: number, partition: number, partitions: number): string {
  const inPartition = 10n ** BigInt(digits) / BigInt(partitions)
  const drawn = BigInt(`0x${randomBytesOf(16).toString('hex')}`) % inPartition
  return (drawn * BigInt(partitions) + BigInt(partition)).toString().padStart(digits, '0')
}

/** The partition that a number names. */
export function partitionOfNumber(number: string, partitions: number): number {
  return partitions === 1 ? 0 : Number(BigInt(number) % BigInt(partitions))
}
