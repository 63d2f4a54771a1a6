// A folder for the temporary files of one run. What a killed test leaves there goes with it.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Makes the folder, and removes it when this process exits. Its name is short because paths of sockets below
 * it must be, and lines that show one have to fit a terminal. Servers that tests start may work as another
 * user, so whoever knows a name in it may go through it.
 * @returns the variables by which programs find it.
 */
export function tempFolderOfThisRun() {
  const all = tmpdir()
  const folder = mkdtempSync(join(all, 'ea-'))
  chmodSync(folder, 0o711)
  process.once('exit', () => {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    } catch (error) {
      process.stderr.write(`Left behind: ${error.message}\n`)
    }
  })
  // Runs at the same time share the ports, so the list of those in use is not of one run.
  return {
    TMPDIR: folder,
    TEMP: folder,
    TMP: folder,
    EMAILAUTH_TEST_PORTS: join(all, 'emailauth-test-ports'),
  }
}
