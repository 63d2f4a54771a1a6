import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'

/** The error of an operation as one about this path. A write to a full disk names none, or its draft. */
export function about(path: string, error: unknown): unknown {
  return error instanceof Error && 'syscall' in error ? Object.assign(error, { path }) : error
}

/** Writes a file that only its owner can read (0600): whole or not at all, and durable before it is seen. */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {})
    throw about(path, error)
  }
}
