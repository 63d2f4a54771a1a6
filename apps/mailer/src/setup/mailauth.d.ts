declare module 'mailauth/lib/spf' {
  export interface SpfResult {
    readonly status: { readonly result: string; readonly comment?: string }
    readonly rr?: string
  }
  export function spf(options: {
    readonly sender: string
    readonly ip: string
    readonly helo: string
    readonly mta?: string
    readonly resolver: (name: string, type: string) => Promise<unknown>
  }): Promise<SpfResult>
}
