/**
 * A change of what lies in Redis, made in bounded steps while services run. A step may be repeated, and
 * services of the version before may write what it has already passed.
 */
export interface Migration {
  /** Never changed once it was released. */
  readonly name: string
  /**
   * @param from where the step begins: what the step before answered, or '' for the first one
   * @returns where the next one begins; undefined: it is done
   */
  step(from: string): Promise<string | undefined>
}
