/** A waiting time as people read it in every language: `24 s`, `2:05 min`. */
export function waitingTime(seconds: number): string {
  if (seconds < 60) return `${seconds} s`
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} min`
}
