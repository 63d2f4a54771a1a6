import { Button, type ButtonProps } from '@mantine/core'
import type { ComponentPropsWithoutRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useMayChange } from '../lib/may-change.ts'

type ActButtonProps = ButtonProps & Omit<ComponentPropsWithoutRef<'button'>, keyof ButtonProps>

/** A button that changes something. A read-only admin sees it disabled, with the reason. */
export function ActButton({ disabled, title, ...props }: ActButtonProps) {
  const { t } = useTranslation()
  const mayChange = useMayChange()
  return (
    <Button {...props} disabled={disabled || !mayChange} title={mayChange ? title : t('app.readOnly.why')} />
  )
}
