/**
 * Groups a number for reading: as many fours as possible after as few threes as needed, so `1234 5678 9012`,
 * `1234 5678`, `123 456`, `123 4567`. The spaces may stay when it is typed back.
 */
export function groupDigits(number: string): string {
  let threes = 0
  while (3 * threes < number.length && (number.length - 3 * threes) % 4 !== 0) threes++
  const head = number.slice(0, 3 * threes)
  const tail = number.slice(3 * threes)
  // Five digits or fewer cannot be split into threes and fours.
  if (head.length % 3 !== 0 || tail.length % 4 !== 0) return number
  return `${cut(head, 3)} ${cut(tail, 4)}`.trim()
}

function cut(digits: string, size: number): string {
  let groups = digits.slice(0, size)
  for (let at = size; at < digits.length; at += size) groups += ` ${digits.slice(at, at + size)}`
  return groups
}
