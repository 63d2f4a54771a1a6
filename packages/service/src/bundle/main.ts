import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { loadBundle } from './load-bundle.ts'

/** The bundle's name in the folder of this file; scripts/build/bundle-service.mjs writes it in. */
declare const BUNDLE: string

// A signal that comes while the bundle loads waits for the listeners of run.ts. Without one here it would end
// the process with another code, and the first process of a container would never learn of it.
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, endUnlessOthersListen)

/** A program that does not use run.ts ends by the signal, as it would without this listener. */
function endUnlessOthersListen(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return
  process.off(signal, endUnlessOthersListen)
  process.kill(process.pid, signal)
}

const { module, usedCodeCache } = loadBundle(fileURLToPath(new URL(BUNDLE, import.meta.url)))
await module.start({ usedCodeCache })
// The first calls of a process wait for code that is interpreted. From here on V8 compiles a function,
// without optimizing it, before its first run. While the modules ran it would have made the start longer.
setFlagsFromString('--always-sparkplug')
// V8 shares a short collection with helper threads, and waits until each has had a core. They are busy under
// load, and little survives such a collection, so one thread is done sooner (docs/performance/profile.md).
setFlagsFromString('--no-parallel-scavenge')
