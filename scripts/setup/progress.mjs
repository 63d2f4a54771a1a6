// Prints every few seconds that a step still runs, until stdin ends. A process of its own, because the step
// blocks the parent.
const [what, everyMs = '10000'] = process.argv.slice(2)
const began = Date.now()
const seconds = () => Math.round((Date.now() - began) / 1000)
const timer = setInterval(() => process.stderr.write(`${what}… ${seconds()} s\n`), Number(everyMs))
process.stdin.resume()
process.stdin.on('end', () => clearInterval(timer))
