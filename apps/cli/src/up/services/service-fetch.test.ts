import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCertificates } from '@emailauth/testing/certificates'
import { expect, onTestFinished, test } from 'vitest'
import { createServiceFetch } from './service-fetch.ts'

test('an authority or certificate that is empty is refused: without one everybody would be trusted', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-fetch-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const empty = join(folder, 'empty.pem')
  await writeFile(empty, '')
  const { certificate: cert, key, ca } = await makeCertificates(folder)
  await expect(createServiceFetch({ cert, key, ca })).resolves.toBeTypeOf('function')
  for (const wrong of [
    { cert, key, ca: empty },
    { cert: empty, key, ca },
    { cert: key, key, ca: undefined },
  ])
    await expect(createServiceFetch(wrong)).rejects.toThrow(/holds no certificate/)
})
