import { Button, FileButton, Group, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ActButton } from '../../../components/act-button.tsx'
import { useSuppressionLists } from '../api/use-suppression-lists.ts'
import { readSuppressions } from '../suppression-file.ts'

/** Adds addresses by hand or from a file, and exports the list. */
export function SuppressionTools({ tenantId, onChanged }: { tenantId: string; onChanged: () => void }) {
  const { t } = useTranslation('mail')
  const { busy, add, exportAll } = useSuppressionLists(tenantId)
  const [text, setText] = useState('')
  const [isNone, setNone] = useState(false)

  async function addAll(list: string) {
    const addresses = readSuppressions(list)
    setNone(addresses.length === 0)
    if (addresses.length === 0) return
    const isDone = await add(addresses)
    // What failed stays in the field, and so does what was typed meanwhile.
    if (isDone) setText((now) => (now === list ? '' : now))
    onChanged()
  }

  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        void addAll(text)
      }}
    >
      <Textarea
        label={t('suppressed.addLabel')}
        value={text}
        error={isNone && t('suppressed.noAddress')}
        autosize
        minRows={1}
        maxRows={8}
        spellCheck={false}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group gap="xs" mt="xs" mb="sm">
        <ActButton type="submit" loading={busy}>
          {t('suppressed.add')}
        </ActButton>
        <FileButton
          accept=".csv,.txt,text/csv,text/plain"
          onChange={(file) => void file?.text().then(addAll)}
        >
          {(props) => (
            <ActButton variant="default" loading={busy} {...props}>
              {t('suppressed.import')}
            </ActButton>
          )}
        </FileButton>
        <Button variant="default" loading={busy} onClick={() => void exportAll()}>
          {t('suppressed.export')}
        </Button>
      </Group>
    </form>
  )
}
