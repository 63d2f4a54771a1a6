import { Button, type ButtonProps } from '@mantine/core'
import type { ComponentPropsWithoutRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useMayChange } from '../lib/may-change.ts'
import { useFocusKept } from './use-focus-kept.ts'

type ActButtonProps = ButtonProps & Omit<ComponentPropsWithoutRef<'button'>, keyof ButtonProps>

/**
 * A button that changes something, and has the focus again afterwards. A read-only admin sees it disabled,
 * with the reason.
 */
export function ActButton({ disabled, title, ...props }: ActButtonProps) {
  const { t } = useTranslation()
  const mayChange = useMayChange()
  const button = useFocusKept(props.loading === true)
  return (
    <Button
      ref={button}
      {...props}
      disabled={disabled || !mayChange}
      title={mayChange ? title : t('app.readOnly.why')}
    />
  )
}
