// A reporter of vitest that lists the errors which no test caught. They fail a run, and the JSON report has
// no place for them.
import { writeFileSync } from 'node:fs'

export default class UnhandledErrors {
  onTestRunEnd(_modules, errors) {
    const lines = errors.map(({ name = '', message = '', stack = '' }) => {
      const place = stack.split('\n').find((frame) => /\.test\.tsx?:/.test(frame)) ?? ''
      return `${name}: ${message.split('\n', 1)[0]} ${place.trim()}`
    })
    writeFileSync(process.env.UNHANDLED_ERRORS_FILE, JSON.stringify(lines))
  }
}
