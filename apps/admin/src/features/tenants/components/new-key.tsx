import { Alert, Button, Code, Group } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CodeBlock } from '../../../components/code-block.tsx'
import { CopyIcon } from '../../../components/copy-icon.tsx'
import { snippetsFor } from '../snippets.ts'
import styles from './tenants.module.css'

interface NewKeyProps {
  readonly value: string
  /** Shows how programs use it, too. */
  readonly hasSnippets: boolean
}

/** A new key, shown only this once. */
export function NewKey({ value, hasSnippets }: NewKeyProps) {
  const { t } = useTranslation('tenants')
  const snippets = snippetsFor(window.location.origin, value)
  const [shown, show] = useState(snippets[0]?.[0])
  const code = snippets.find(([name]) => name === shown)?.[1] ?? ''
  return (
    <div>
      <Alert color="yellow" title={t('keys.once')}>
        <span className={styles.key}>
          <Code>{value}</Code>
          <CopyIcon value={value} what={t('keys.key')} />
        </span>
      </Alert>
      {hasSnippets && (
        <>
          <Group gap={4} mt="md" mb={6}>
            {snippets.map(([name]) => (
              <Button
                key={name}
                variant={name === shown ? 'filled' : 'default'}
                aria-pressed={name === shown}
                onClick={() => show(name)}
              >
                {name}
              </Button>
            ))}
            <CopyIcon value={code} what={shown ?? ''} />
          </Group>
          <CodeBlock code={code} />
        </>
      )}
    </div>
  )
}
