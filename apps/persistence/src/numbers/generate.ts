import { randomBytesOf } from '@emailauth/secrets/random'

/**
 * Generates a number of `digits` digits with a CSPRNG. All numbers of `partition` (number modulo
 * `partitions`) are equally likely. With 128 random bits the bias of the modulo is below 2^-48 for any length
 * in use.
 */
export function generateNumber(digits: number, partition: number, partitions: number): string {
  const inPartition = 10n ** BigInt(digits) / BigInt(partitions)
  const random = BigInt(`0x${randomBytesOf(16).toString('hex')}`) % inPartition
  return (random * BigInt(partitions) + BigInt(partition)).toString().padStart(digits, '0')
}

/** The partition of a number. */
export function partitionOfNumber(number: string, partitions: number): number {
  return partitions === 1 ? 0 : Number(BigInt(number) % BigInt(partitions))
}
