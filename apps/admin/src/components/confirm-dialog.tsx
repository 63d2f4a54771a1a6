import '@mantine/core/styles/Checkbox.css'
import { Button, Checkbox, Group, Modal, Text, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'

export interface Confirmation {
  readonly title: string
  readonly text: ReactNode
  /** Label of the confirm button. */
  readonly act: string
  /** Text to type before a destructive action. */
  readonly typed?: string
  /** Label of a checkbox, for more of the same action. */
  readonly more?: string
  readonly run: (withMore: boolean) => void
}

interface ConfirmDialogProps {
  /** undefined: the dialog is closed. */
  readonly confirmation: Confirmation | undefined
  readonly onClose: () => void
}

/** Asks before an action that cannot be undone. */
export function ConfirmDialog({ confirmation, onClose }: ConfirmDialogProps) {
  const { t } = useTranslation()
  // Keeps the content during the closing animation.
  const [shown, setShown] = useState(confirmation)
  if (confirmation !== undefined && confirmation !== shown) setShown(confirmation)
  return (
    <Modal
      opened={confirmation !== undefined}
      onClose={onClose}
      title={shown?.title}
      closeButtonProps={{ 'aria-label': t('app.close') }}
      transitionProps={{ duration: 0 }}
      size="26rem"
      centered
    >
      {shown && <Content key={shown.title} confirmation={shown} onClose={onClose} />}
    </Modal>
  )
}

function Content({ confirmation, onClose }: { confirmation: Confirmation; onClose: () => void }) {
  const { t } = useTranslation()
  const { text, act, typed, more, run } = confirmation
  const [value, setValue] = useState('')
  const [withMore, setWithMore] = useState(false)
  const ready = typed === undefined || value.trim() === typed
  function submit(event: FormEvent) {
    event.preventDefault()
    if (!ready) return
    onClose()
    run(withMore)
  }
  return (
    <form onSubmit={submit}>
      <Text component="div" size="sm">
        {text}
      </Text>
      {more !== undefined && (
        <Checkbox
          mt="md"
          label={more}
          checked={withMore}
          onChange={(event) => setWithMore(event.currentTarget.checked)}
        />
      )}
      {typed !== undefined && (
        <TextInput
          mt="md"
          label={t('app.typeToConfirm', { text: typed })}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
        />
      )}
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" onClick={onClose} {...(typed === undefined && { 'data-autofocus': true })}>
          {t('app.cancel')}
        </Button>
        <Button type="submit" color="red" disabled={!ready}>
          {act}
        </Button>
      </Group>
    </form>
  )
}
