import { CloseButton, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconSearch } from '../../../components/icons/page-icons.ts'
import { isWhole, readSearch, type SearchTerms } from '../search-terms.ts'
import styles from './identity-filters.module.css'

interface SearchFieldProps {
  readonly value: string
  readonly onSearch: (terms: SearchTerms) => void
  readonly inputRef: RefObject<HTMLInputElement | null>
}

const PAUSE_MS = 400

/** Searches on Enter, or when typing pauses: a whole address, a domain, an identity's or a request's id. */
export function SearchField({ value, onSearch, inputRef }: SearchFieldProps) {
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

  const search = (typed: string) => {
    searchAfterPause.cancel()
    const terms = readSearch(typed)
    setIncomplete(terms.kind === 'incomplete')
    if (terms.kind === 'incomplete') return
    // An id opens a panel and leaves the list as it is.
    if (terms.kind === 'id' || terms.kind === 'request') setText(asked.current)
    else if (typed === asked.current) return
    else asked.current = terms.kind === 'domain' ? `@${terms.value}` : typed
    onSearch(terms)
  }
  const searchAfterPause = useDebouncedCallback((typed: string) => {
    if (isWhole(typed)) search(typed)
  }, PAUSE_MS)

  function type(next: string) {
    setText(next)
    setIncomplete(false)
    searchAfterPause(next.trim())
  }

  function submit(event: KeyboardEvent) {
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) search(text.trim())
  }

  function clear() {
    setText('')
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
