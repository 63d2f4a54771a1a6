/**
 * A random pause between two bounds. Processes that lost the same service at the same moment would otherwise
 * all come back to it at the same moment.
 */
export function jittered(leastMs: number, mostMs: number, random: () => number = Math.random): number {
  return leastMs + random() * (mostMs - leastMs)
}
