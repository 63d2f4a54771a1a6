/** What has to be undone at the end, however the end comes: last started, first stopped. */
export interface Cleanup {
  /**
   * Remembers a thing that was started, and gives it back.
   * @throws {Error} once the end has begun; the thing is stopped then like all others.
   */
  keep<Thing>(thing: Thing, stop: (thing: Thing) => unknown): Thing
  /** Stops everything that was kept; one that fails to stop keeps none of the others alive. */
  run(): Promise<void>
}

export function createCleanup(): Cleanup {
  const stops: (() => unknown)[] = []
  let ending: Promise<void> | undefined

  async function stopOne(stop: () => unknown): Promise<void> {
    try {
      await stop()
    } catch (error) {
      process.stderr.write(`Something did not stop: ${String(error)}\n`)
    }
  }

  async function stopAll(): Promise<void> {
    for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) await stopOne(stop)
  }

  return {
    keep(thing, stop) {
      if (ending === undefined) {
        stops.push(() => stop(thing))
        return thing
      }
      ending = ending.then(() => stopOne(() => stop(thing)))
      throw new Error('The run is ending.')
    },
    async run() {
      ending ??= Promise.resolve().then(stopAll)
      // What was started while it ended is stopped behind the rest.
      for (let last: Promise<void> | undefined; last !== ending; ) {
        last = ending
        await last
      }
    },
  }
}
