import { fileURLToPath } from 'node:url'
import { readWorld } from './config.ts'
import { runProgram } from './program.ts'

// Both src/main.ts and dist/main.js lie two folders below apps/, which lies in the repository's root.
const root = fileURLToPath(new URL('../../../', import.meta.url))

// A reader that has seen enough (`| head`) is no error. A command that has something to end is asked to, once.
let unread = false
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    if (process.listenerCount('SIGTERM') === 0) process.exit(process.exitCode ?? 0)
    if (!unread) process.emit('SIGTERM')
    unread = true
  })
}

process.exitCode = await runProgram(process.argv.slice(2), readWorld(root))
