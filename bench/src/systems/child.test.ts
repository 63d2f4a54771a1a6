import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startProgram } from './child.ts'

test('a program that is no script of Node runs in its own folder, with the variables that it was given', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-child-'))
  const file = join(folder, 'program')
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  // Says where it runs and what it was given, and stays.
  await writeFile(
    file,
    '#!/bin/bash\nexec 3<>/dev/tcp/127.0.0.1/$PORT; echo "$PWD $WORD $HOME" >&3; read -r _ <&3\n',
  )
  await chmod(file, 0o755)
  const program = startProgram(file, { PORT: String(port), WORD: 'given' })
  const [socket] = await once(server, 'connection')
  const [said] = await once(socket, 'data')
  expect(String(said)).toBe(`${folder} given \n`)
  expect(program.hasEnded()).toBe(false)
  await program.stop()
  expect(program.hasEnded()).toBe(true)
  socket.destroy()
  server.close()
  await rm(folder, { recursive: true })
})

test('a program that is not there has ended', async () => {
  const program = startProgram('/nowhere/program', {})
  expect(program.hasEnded()).toBe(true)
  await program.stop()
})
