import { copyFileSync, cpSync, existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { run } from './programs.mjs'

/** The authorities that this machine trusts, such as that of a company's proxy. Node trusts only its own. */
export const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt'

/** Debian as small as it comes, with Node and npm, to build in. Returns its folder. */
export function makeBuildRoot(folder) {
  const root = join(folder, 'build-root')
  // The machine's own mirror and release.
  const [site = '', codename = ''] = run('apt-get', [
    'indextargets',
    '--format',
    '$(SITE) $(CODENAME)',
    'Created-By: Packages',
  ])
    .split('\n', 1)
    .join('')
    .split(' ')
  run('debootstrap', ['--variant=minbase', '--include=ca-certificates', codename, root, site])
  const node = realpathSync(process.execPath)
  copyFileSync(node, join(root, 'usr/local/bin/node'))
  const npm = join(dirname(dirname(node)), 'lib/node_modules/npm')
  cpSync(npm, join(root, 'usr/local/lib/node_modules/npm'), { recursive: true })
  for (const name of ['npm', 'npx'])
    run('ln', ['-s', `../lib/node_modules/npm/bin/${name}-cli.js`, join(root, 'usr/local/bin', name)])
  for (const library of librariesOf(node)) copyMissing(library, root)
  if (existsSync(CERTIFICATES)) copyFileSync(CERTIFICATES, join(root, CERTIFICATES))
  return root
}

/** Node with its libraries, certificates and one user, as in the distroless image. Returns its folder. */
export function makeRunRoot(folder) {
  const root = join(folder, 'run-root')
  for (const name of ['tmp', 'proc', 'dev', 'etc/ssl/certs', 'nodejs/bin', 'usr/local/bin'])
    mkdirSync(join(root, name), { recursive: true })
  const node = realpathSync(process.execPath)
  copyFileSync(node, join(root, 'nodejs/bin/node'))
  for (const library of librariesOf(node)) copyMissing(library, root)
  if (existsSync(CERTIFICATES)) copyFileSync(CERTIFICATES, join(root, CERTIFICATES))
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/:\nnonroot:x:65532:65532::/:\n')
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\nnonroot:x:65532:\n')
  writeFileSync(join(root, 'etc/nsswitch.conf'), 'hosts: files dns\n')
  return root
}

function librariesOf(program) {
  return [...run('ldd', [program]).matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path)
}

function copyMissing(path, root) {
  const target = join(root, path)
  if (existsSync(target)) return
  mkdirSync(dirname(target), { recursive: true })
  copyFileSync(path, target)
}
