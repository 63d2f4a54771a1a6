const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long ago a moment was, for people: `just now`, `42 s ago`, `2 min ago`, `3 h ago`, `5 d ago`. */
export function ago(moment: string, nowMs: number): string {
  const seconds = Math.floor((nowMs - Date.parse(moment)) / 1000)
  if (Number.isNaN(seconds)) return '?'
  if (seconds < 5) return 'just now'
  if (seconds < MINUTE) return `${seconds} s ago`
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min ago`
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)} h ago`
  return `${Math.floor(seconds / DAY)} d ago`
}

/** The time left until a moment as a clock shows it: `8:12`, `1:02:03`; `expired` once it is over. */
export function timeLeft(moment: string, nowMs: number): string {
  const seconds = Math.ceil((Date.parse(moment) - nowMs) / 1000)
  if (Number.isNaN(seconds)) return '?'
  if (seconds <= 0) return 'expired'
  const two = (part: number) => String(part).padStart(2, '0')
  const minutes = Math.floor(seconds / MINUTE) % 60
  const hours = Math.floor(seconds / HOUR)
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(seconds % MINUTE)}`
    : `${minutes}:${two(seconds % MINUTE)}`
}
