/**
 * Attributes and events of `<emailauth-number-field>` in JSX. Its properties are set by a `ref`: React takes
 * `onresend` for an event, and React 18 sets attributes only. Events are listened to by a `ref` in React 18.
 */
export interface NumberFieldAttributes {
  digits?: number | string | undefined
  name?: string | undefined
  /** Seconds before a resend. A button is made for it. */
  'resend-after'?: number | string | undefined
}

/** `number-change` and `number-complete`. */
export type NumberEvent = CustomEvent<{ readonly number: string | undefined }>

/** The events as React 19 and Preact name them. */
export interface NumberFieldEvents {
  'onnumber-change'?: ((event: NumberEvent) => void) | undefined
  'onnumber-complete'?: ((event: NumberEvent) => void) | undefined
}
