import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { type MailServer, privateFolder, rootOf, startProgram } from './program.ts'

/** Starts a real Haraka that hands every mail to this port before it answers, all else by default. */
export async function startHaraka(sinkPort: number): Promise<MailServer> {
  const folder = await privateFolder('haraka')
  const port = await freePort()
  const root = join(rootOf('haraka'), 'node_modules/Haraka')
  await cp(join(root, 'config'), join(folder, 'config'), { recursive: true })
  await mkdir(join(folder, 'plugins'))
  const file = (name: string, text: string) => writeFile(join(folder, 'config', name), text)
  await file('smtp.ini', `listen=127.0.0.1:${port}\n`)
  await file('plugins', 'take\nqueue/smtp_forward\n')
  await file('smtp_forward.ini', `host=127.0.0.1\nport=${sinkPort}\n`)
  await file('me', 'haraka.example')
  await file('internalcmd_key', 'unused')
  // Haraka takes no recipient that no plugin vouches for.
  await writeFile(join(folder, 'plugins/take.js'), 'exports.hook_rcpt = (next) => { next(OK) }\n')
  const args = [join(root, 'bin/haraka'), '-c', folder]
  return startProgram({ command: process.execPath, args, folder, port })
}
