/** Runs the calls of the fake: always asynchronously, and the next one fails when a test says so. */
export function createFakeCalls() {
  let failure: Error | undefined
  return {
    async called<Result>(run: () => Result | Promise<Result>): Promise<Result> {
      const error = failure
      failure = undefined
      if (error !== undefined) throw error
      await Promise.resolve()
      return run()
    },
    failNext(error: Error): void {
      failure = error
    },
  }
}
