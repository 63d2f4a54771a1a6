import type { HTMLAttributes } from 'preact'
import type { EmailauthNumberField } from '../element/element.ts'
import type { NumberFieldAttributes, NumberFieldEvents } from './number-field-attributes.ts'

export type NumberFieldProps = HTMLAttributes<EmailauthNumberField> &
  NumberFieldAttributes &
  NumberFieldEvents

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'emailauth-number-field': NumberFieldProps
    }
  }
}
