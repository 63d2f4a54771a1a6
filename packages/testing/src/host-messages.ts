/** What a worker asks its host for. `id` names one service from its start to its end. */
export type ToHost =
  | {
      readonly id: number
      readonly open: 'persistence' | 'mailer'
      readonly env: Readonly<Record<string, string>>
    }
  | { readonly id: number; readonly close: true }

/** What the host answers: a line that a service logged, where it listens, that it ended, or what failed. */
export type FromHost =
  | { readonly id: number; readonly line: string }
  | { readonly id: number; readonly url: string }
  | { readonly id: number; readonly closed: true }
  | { readonly id: number; readonly fault: string }
