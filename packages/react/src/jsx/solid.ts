import type { JSX } from 'solid-js'
import type { EmailauthNumberField } from '../element/element.ts'
import type { NumberEvent, NumberFieldAttributes } from './number-field-attributes.ts'

export type NumberFieldProps = JSX.HTMLAttributes<EmailauthNumberField> &
  NumberFieldAttributes & {
    'on:number-change'?: ((event: NumberEvent) => void) | undefined
    'on:number-complete'?: ((event: NumberEvent) => void) | undefined
  }

declare module 'solid-js' {
  namespace JSX {
    interface IntrinsicElements {
      'emailauth-number-field': NumberFieldProps
    }
  }
}
