import type { ReactElement } from 'react'
import { type NumberFieldOptions, useNumberField } from './use-number-field.ts'

export type { NumberFieldProblem } from './entry/problem.ts'
export type { NumberFieldTexts } from './texts/number-field-texts.ts'
export { type NumberFieldOptions, type NumberFieldState, useNumberField } from './use-number-field.ts'
export type { ResendAnswer, ResendOptions, ResendState } from './use-resend.ts'

export interface NumberFieldProps extends NumberFieldOptions {
  /** The input's name in its form. Default: `number`. */
  readonly name?: string | undefined
  readonly disabled?: boolean | undefined
  readonly autoFocus?: boolean | undefined
  /** Put behind the field's own class. */
  readonly className?: string | undefined
}

/**
 * A labelled input for the number of a mail, its problem, and the button that mails it again. It belongs into
 * a form of yours, which sends what was typed to your server. Its looks are `@emailauth/react/number-
 * field.css`, or yours.
 */
export function NumberField(props: NumberFieldProps): ReactElement {
  const { name = 'number', disabled, autoFocus, className, onResend } = props
  const field = useNumberField(props)
  const { resend } = field
  return (
    <div className={className === undefined ? 'emailauth-field' : `emailauth-field ${className}`}>
      <label className="emailauth-field-label" htmlFor={field.labelProps.htmlFor}>
        {field.texts.label}
      </label>
      <input
        className="emailauth-field-input"
        name={name}
        disabled={disabled}
        // biome-ignore lint/a11y/noAutofocus: the host says so, on a page that is about nothing else
        autoFocus={autoFocus}
        {...field.inputProps}
      />
      <p className="emailauth-field-problem" {...field.problemProps}>
        {field.problem !== undefined && <span key={field.problemCount}>{field.problem}</span>}
      </p>
      {onResend !== undefined && (
        <>
          <button className="emailauth-field-resend" {...resend.buttonProps}>
            {resend.text}
          </button>
          <p className="emailauth-field-notice" {...resend.noticeProps}>
            {resend.notice}
          </p>
        </>
      )}
    </div>
  )
}
