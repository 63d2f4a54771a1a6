import type { Settings } from './connection/settings.ts'
import type { Output, OutputStream } from './terminal/output.ts'

/** The world around one run of the CLI. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>
  /** What is wrong with the names of variables and the files that they name, a line each. */
  readonly envFaults?: readonly string[]
  /** The current folder. */
  readonly folder: string
  /** The folder that holds `apps/` and `packages/`. */
  readonly root: string
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined }
  readonly stdout: OutputStream
  readonly stderr: OutputStream
}

/** Options that every command knows. */
export interface GlobalOptions {
  readonly json?: boolean
  readonly quiet?: boolean
  /** false with `--no-input`. */
  readonly input?: boolean
  readonly url?: string
  readonly profile?: string
}

/** What a command works with. */
export interface Context {
  readonly world: World
  readonly output: Output
  readonly globals: GlobalOptions
  /** Read on first use, because not every command needs them. */
  settings(): Promise<Settings>
}
