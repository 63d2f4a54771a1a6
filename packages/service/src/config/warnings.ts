import { readGiven } from './given-environment.ts'

/** Something about a variable with which a service starts, but that may not be meant. */
export interface ConfigWarning {
  readonly variable: string
  /** Contains no secret. */
  readonly warning: string
}

/** Looks at the value of a variable that its shape accepts. */
export type LookAtValue = (value: string) => readonly string[]

/** What is found in the variables that are set. A variable may lie in the file that its `…_FILE` names. */
export function warningsOf(
  looks: Readonly<Record<string, LookAtValue>>,
  env: Readonly<Record<string, string | undefined>>,
): readonly ConfigWarning[] {
  const { env: given } = readGiven(env)
  return Object.entries(looks).flatMap(([variable, look]) =>
    look(given[variable] ?? '').map((warning) => ({ variable, warning })),
  )
}
