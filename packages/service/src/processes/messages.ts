import type { MetricReading } from './joined-metrics.ts'

/**
 * What a worker sends to the first process of its service. `started`: it listens. `collect`: it wants the
 * metrics that all workers have under a name. `reading`: its own, as it was asked for.
 */
export type FromWorker =
  | { readonly emailauth: 'started' }
  | { readonly emailauth: 'collect'; readonly id: number; readonly name: string }
  | { readonly emailauth: 'reading'; readonly id: number; readonly readings: readonly MetricReading[] }

/** What the first process sends to a worker. `end`: shut down. `hurry`: do not drain any longer. */
export type ToWorker =
  | { readonly emailauth: 'end'; readonly reason: string }
  | { readonly emailauth: 'hurry' }
  | { readonly emailauth: 'read'; readonly id: number; readonly name: string }
  | { readonly emailauth: 'collected'; readonly id: number; readonly text: string }

/** What is needed of a `Worker` of node:cluster to send it a message. */
export interface MessageReceiver {
  isConnected(): boolean
  send(message: ToWorker, callback: (error: Error | null) => void): boolean
}

/** Sends a message to a worker that may be gone. */
export function sendToWorker(worker: MessageReceiver, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message, () => {})
}

/** Sends a message to the first process, which may be gone. */
export function sendToFirst(message: FromWorker): void {
  process.send?.(message, undefined, undefined, () => {})
}

/** Whether a message is one of ours: Node sends its own on the same channel. */
export function isOurs<Message extends FromWorker | ToWorker>(message: unknown): message is Message {
  return typeof message === 'object' && message !== null && 'emailauth' in message
}
