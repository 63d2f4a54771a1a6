import { CloseButton, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './identity-filters.module.css'

interface SearchFieldProps {
  readonly value: string
  readonly onSearch: (email: string) => void
  /** Called with an identity's id. */
  readonly onOpen: (id: string) => void
  readonly inputRef: RefObject<HTMLInputElement | null>
}

const PAUSE_MS = 400
const LOOKS_WHOLE = /.@.+\../
const CAN_BE_WHOLE = /.@./
const IDENTITY_ID = /^[a-z][a-z0-9-]{1,39}\.[\w-]{16,}$/

/** Searches by a whole address: on Enter, or when typing pauses. An id opens its identity. */
export function SearchField({ value, onSearch, onOpen, inputRef }: SearchFieldProps) {
  const { t } = useTranslation('identities')
  const [text, setText] = useState(value)
  const [incomplete, setIncomplete] = useState(false)
  // The answer to this field's own search must not overwrite what was typed since.
  const asked = useRef(value)

  useEffect(() => {
    if (value === asked.current) return
    asked.current = value
    setText(value)
    setIncomplete(false)
  }, [value])

  const search = (email: string) => {
    searchAfterPause.cancel()
    if (email === asked.current) return
    asked.current = email
    onSearch(email)
  }
  const searchAfterPause = useDebouncedCallback((email: string) => {
    if (email === '' || LOOKS_WHOLE.test(email)) search(email)
  }, PAUSE_MS)

  function type(next: string) {
    setText(next)
    setIncomplete(false)
    searchAfterPause(next.trim())
  }

  function submit(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
    const email = text.trim()
    if (IDENTITY_ID.test(email)) {
      setText(asked.current)
      onOpen(email)
      return
    }
    const searchable = email === '' || CAN_BE_WHOLE.test(email)
    setIncomplete(!searchable)
    if (searchable) search(email)
  }

  function clear() {
    setText('')
    setIncomplete(false)
    search('')
    inputRef.current?.focus()
  }

  return (
    <TextInput
      ref={inputRef}
      type="text"
      inputMode="email"
      className={styles.search ?? ''}
      aria-label={t('filters.search')}
      placeholder={t('filters.placeholder')}
      error={incomplete && t('filters.whole')}
      value={text}
      onChange={(event) => type(event.currentTarget.value)}
      onKeyDown={submit}
      maxLength={320}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      leftSection={<IconSearch size={14} aria-hidden />}
      rightSection={
        text !== '' && <CloseButton size="sm" aria-label={t('filters.clearSearch')} onClick={clear} />
      }
    />
  )
}
