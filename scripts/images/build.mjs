import { cpSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../setup/setup.mjs'
import { CERTIFICATES, makeBuildRoot, makeRunRoot } from './base.mjs'
import { run } from './programs.mjs'

/** The stages of the Containerfile that are images, with the service that each starts by itself. */
export const TARGETS = { persistence: 'persistence', mailer: 'mailer', gateway: 'gateway', all: 'gateway' }

/** buildah with a storage of its own, so that nothing of this machine's other images is touched. */
export function openStorage(folder) {
  const storage = ['--root', join(folder, 'storage'), '--runroot', join(folder, 'state')]
  const buildah = (args, options) => run('buildah', [...storage, ...args], options)
  return {
    buildah,
    remove() {
      buildah(['rm', '--all'])
      buildah(['rmi', '--all', '--force'])
    },
  }
}

/**
 * Builds images with buildah, which needs no engine: `chroot` isolation runs the steps.
 * @returns settings and mounted file system of each image
 */
export function buildImages({ folder, buildah, isPrebuilt, targets }) {
  const runImage = importRoot('emailauth-run', makeRunRoot(folder), '/nodejs/bin')
  const buildImage = isPrebuilt
    ? runImage
    : importRoot(
        'emailauth-build',
        makeBuildRoot(folder),
        '/usr/local/bin:/usr/bin:/bin',
        `NODE_EXTRA_CA_CERTS=${CERTIFICATES}`,
      )
  const ignored = isPrebuilt ? 'deploy/prebuilt.containerignore' : '.dockerignore'
  const context = isPrebuilt ? root : copySources(join(folder, 'sources'))
  const registry = isPrebuilt ? '' : run('npm', ['config', 'get', 'registry'])
  const images = targets.map((target) => {
    const name = `localhost/emailauth-${target}`
    const started = performance.now()
    buildah(
      [
        'build',
        '--isolation=chroot',
        // OCI's own format knows no health check.
        '--format=docker',
        // What several images share is built once; one alone needs no image of each step.
        ...(targets.length > 1 ? ['--layers'] : []),
        '--pull-never',
        `--ignorefile=${ignored}`,
        `--build-arg=BUILD_IMAGE=${buildImage}`,
        `--build-arg=RUN_IMAGE=${runImage}`,
        ...(registry === '' ? [] : [`--build-arg=NPM_CONFIG_REGISTRY=${registry}`]),
        `--target=${target}`,
        `--tag=${name}`,
        '--file=deploy/Containerfile',
        '.',
      ],
      { cwd: context },
    )
    const container = buildah(['from', '--pull-never', name])
    const { config } = JSON.parse(buildah(['inspect', '--type=image', name])).Docker
    const mount = buildah(['mount', container])
    const megabytes = Math.round(Number(run('du', ['-sb', mount]).split('\t')[0]) / 1e6)
    const seconds = Math.round((performance.now() - started) / 1000)
    process.stdout.write(`${target}: ${megabytes} MB, built in ${seconds} s\n`)
    return { target, config, mount }
  })
  return images

  function importRoot(name, from, path, ...more) {
    const container = buildah(['from', 'scratch'])
    buildah(['copy', '--quiet', container, from, '/'])
    for (const variable of [`PATH=${path}`, ...more]) buildah(['config', `--env=${variable}`, container])
    buildah(['commit', '--quiet', container, `localhost/${name}`])
    buildah(['rm', container])
    return `localhost/${name}`
  }
}

/** Copies what git would commit, so that every image is built from the same, whatever changes meanwhile. */
function copySources(folder) {
  const listed = run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
  for (const path of listed.split('\0').filter((name) => name !== '' && existsSync(join(root, name))))
    cpSync(join(root, path), join(folder, path), { verbatimSymlinks: true })
  return folder
}
