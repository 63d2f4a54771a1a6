import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

// What an engine does for `--read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges`: own
// mounts and processes, a root that nobody can write, the image's user without any capability.
const ENTER = `set -e
root=$1; uid=$2; gid=$3; folder=$4; shift 4
mount --make-rprivate /
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t tmpfs -o size=16m,mode=1777 tmpfs "$root/tmp"
mount -t proc proc "$root/proc"
mount -t tmpfs -o size=64k,mode=755 tmpfs "$root/dev"
for device in null zero urandom; do
  : > "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mount -o remount,ro "$root/dev"
exec setpriv --no-new-privs unshare --root="$root" --wd="$folder" --setgid="$gid" --setuid="$uid" -- "$@"`

/** Starts an image as its own settings say. `env` comes on top of the image's variables. */
export function startContainer({ config, mount }, { env = {}, command = config.Cmd } = {}) {
  const [uid, gid] = config.User.split(':')
  const program = [...config.Entrypoint, ...command]
  const own = Object.fromEntries(config.Env.map((line) => line.split(/=(.*)/s)))
  const child = spawn(
    'unshare',
    [
      '--mount',
      '--pid',
      '--ipc',
      '--uts',
      '--fork',
      '--kill-child',
      'sh',
      '-c',
      ENTER,
      'sh',
      mount,
      uid,
      gid,
      config.WorkingDir,
      ...program,
    ],
    { env: { ...own, PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let printed = ''
  const keep = (chunk) => {
    printed += chunk
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)

  /** The service's process as this machine numbers it. */
  const pid = () => {
    const [inner] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ')
    return Number(inner)
  }
  return {
    output: () => printed,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    ended: once(child, 'exit').then(([code]) => code),
    pid,
    /** A second process in the same container, as a health check is one. */
    exec: (args) =>
      spawnSync(
        'nsenter',
        [
          `--target=${pid()}`,
          '--mount',
          '--pid',
          '--root',
          `--wd=/proc/${pid()}/cwd`,
          `--setgid=${gid}`,
          `--setuid=${uid}`,
          ...args,
        ],
        { env: { ...own, ...env, PATH: process.env.PATH }, encoding: 'utf8' },
      ),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
      process.kill(pid(), 'SIGTERM')
      const [code] = await once(child, 'exit')
      return code
    },
  }
}
