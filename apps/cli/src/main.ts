import { fileURLToPath } from 'node:url'
import { readWorld } from './config.ts'
import { endWithNpx } from './end-with-npx.ts'
import { EXIT } from './exit-codes.ts'
import { runProgram } from './program.ts'
import { errnoSentence } from './terminal/errno-sentence.ts'

// Both src/main.ts and dist/main.js lie two folders below apps/, which lies in the repository's root.
const root = fileURLToPath(new URL('../../../', import.meta.url))

// A reader that closes the pipe early (`| head`) is no error. A long-running command is asked once to stop.
let unread = false
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      if (stream === process.stdout) {
        process.stderr.write(
          `error: The output cannot be written. ${errnoSentence(error) ?? error.message}\n`,
        )
      }
      process.exit(EXIT.failed)
    }
    if (process.listenerCount('SIGTERM') === 0) process.exit(process.exitCode ?? 0)
    if (!unread) process.emit('SIGTERM')
    unread = true
  })
}

const world = readWorld(root)
endWithNpx(world.env)
process.exitCode = await runProgram(process.argv.slice(2), world)

/** Ends a process that a connection keeps after its command has ended: a gateway that hangs closes none. */
function leaveSoon(): void {
  setTimeout(() => {
    if (process.stdout.writableLength + process.stderr.writableLength > 0) leaveSoon()
    else process.exit()
  }, 1000).unref()
}
leaveSoon()
