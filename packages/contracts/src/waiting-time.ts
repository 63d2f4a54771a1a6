/** A waiting time as people read it in every language: `24 s`, `2:05 min`, `13:20 h`. Never too short. */
export function waitingTime(seconds: number): string {
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${inSixties(seconds)} min`
  return `${inSixties(Math.ceil(seconds / 60))} h`
}

function inSixties(count: number): string {
  return `${Math.floor(count / 60)}:${String(count % 60).padStart(2, '0')}`
}
