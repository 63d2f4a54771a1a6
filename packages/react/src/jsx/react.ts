import type { DetailedHTMLProps, HTMLAttributes } from 'react'
import type { EmailauthNumberField } from '../element/element.ts'
import type { NumberFieldAttributes, NumberFieldEvents } from './number-field-attributes.ts'

// Types only. Each framework has an entry of its own, because the types of another are not installed.
export type NumberFieldProps = DetailedHTMLProps<HTMLAttributes<EmailauthNumberField>, EmailauthNumberField> &
  NumberFieldAttributes &
  NumberFieldEvents

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'emailauth-number-field': NumberFieldProps
    }
  }
}
