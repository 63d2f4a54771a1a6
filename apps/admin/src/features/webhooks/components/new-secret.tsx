import { Alert, Button, Code, Group, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { CodeBlock } from '../../../components/code-block.tsx'
import { CopyIcon } from '../../../components/copy-icon.tsx'
import styles from './webhooks.module.css'

/** How a receiver checks a request with the secret. */
const RECEIVER = `import { verifyWebhook } from '@emailauth/client'

const { id, payload } = await verifyWebhook({
  body, // the bytes as they came
  headers: request.headers,
  secret: process.env.WEBHOOK_SECRET,
})`

/** A new secret, shown only this once. */
export function NewSecret({ value, onDone }: { value: string; onDone: () => void }) {
  const { t } = useTranslation('webhooks')
  return (
    <Stack>
      <Alert color="yellow" title={t('secretOnce')}>
        <span className={styles.secret}>
          <Code>{value}</Code>
          <CopyIcon value={value} what={t('secret')} />
        </span>
      </Alert>
      <p className={styles.note}>{t('secretHint')}</p>
      <CodeBlock code={RECEIVER} />
      <Group justify="flex-end">
        <Button onClick={onDone}>{t('done')}</Button>
      </Group>
    </Stack>
  )
}
