import type { CliResult } from './run-cli.ts'
import type { CallService } from './service-call.ts'
import type { Service } from './service-process.ts'

/** All of emailauth: started by `emailauth up` with its own data folder and ports, or on six hosts. */
export interface System {
  readonly url: string
  readonly inboxUrl: string
  readonly apiKey: string
  readonly adminKey: string
  /** The data folder. */
  readonly home: string
  /** What `up` was started with; on six hosts nothing. */
  readonly env: NodeJS.ProcessEnv
  /** Everything that `up` or the services have said so far. */
  output(): string
  /** Runs the CLI against it, with text on its standard input if given. */
  cli(args: readonly string[], input?: string): Promise<CliResult>
  /** Calls persistence or the mailer past the gateway, with the service token. */
  callService: CallService
  /** The process ids of a service. Linux only. */
  pids(service: Service): Promise<readonly number[]>
  /** Where the services reach what listens at a URL of loopback here. */
  reach(url: string): Promise<string>
  /** Kills everything at once, as a power cut would. */
  killAll(): Promise<void>
  /** Starts it again with the same data, at the same URL. */
  restart(): Promise<void>
  /** Ctrl-C. */
  stop(): Promise<number | null>
}

/** A system that its test ends. */
export interface OwnSystem extends System {
  /** Stops it and deletes its data. */
  remove(): Promise<void>
}
