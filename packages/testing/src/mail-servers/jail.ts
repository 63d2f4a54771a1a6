import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { type MailServerName, privateFolder, rootOf } from './program.ts'

const run = promisify(execFile)

export interface Jail {
  /** As seen from outside. */
  readonly folder: string
  /** Writes a file, by its path inside. */
  write(path: string, text: string): Promise<void>
}

/**
 * A root directory for a mail server whose paths and users are fixed at build time. It has the files of its
 * packages, the linked libraries and its users, nothing more.
 * @param users of the server, with ids that nothing else here has
 * @param more files and folders of this machine that the server also reads
 */
export async function makeJail(
  name: MailServerName,
  programs: readonly string[],
  users: Readonly<Record<string, number>>,
  more: readonly string[] = [],
): Promise<Jail> {
  const folder = await privateFolder(name)
  const inside = (path: string) => join(folder, path)
  await cp(rootOf(name), folder, { recursive: true })
  for (const path of ['dev', 'etc', 'run', 'tmp', 'var/run', 'var/spool', 'var/lib']) {
    await mkdir(inside(path), { recursive: true })
  }
  await chmod(inside('tmp'), 0o1777)
  for (const [device, minor] of [
    ['null', 3],
    ['zero', 5],
    ['random', 8],
    ['urandom', 9],
  ] as const) {
    await run('mknod', ['-m', '666', inside(`dev/${device}`), 'c', '1', String(minor)])
  }
  const libraries = new Set<string>()
  for (const program of programs) {
    const env = { ...process.env, LD_LIBRARY_PATH: inside('usr/lib/postfix') }
    const { stdout } = await run('ldd', [inside(program)], { env })
    for (const [library] of stdout.matchAll(/\/\S+(?= \()/g))
      if (!library.startsWith(folder)) libraries.add(library)
  }
  for (const path of [...libraries, ...more]) {
    await mkdir(inside(dirname(path)), { recursive: true })
    await cp(path, inside(path), { recursive: true, dereference: true })
  }
  const lines = Object.entries({ root: 0, ...users, nobody: 65534 })
  const write = (path: string, text: string) => writeFile(inside(path), text)
  await write('etc/passwd', lines.map(([user, id]) => `${user}:x:${id}:${id}::/:/bin/false\n`).join(''))
  await write(
    'etc/group',
    lines
      .map(([user, id]) => `${user}:x:${id}:\n`)
      .join('')
      .replace('nobody', 'nogroup'),
  )
  await write('etc/hosts', '127.0.0.1 localhost\n')
  await write('etc/resolv.conf', '')
  await write('etc/services', await readFile('/etc/services', 'utf8').catch(() => 'smtp 25/tcp\n'))
  return { folder, write }
}
