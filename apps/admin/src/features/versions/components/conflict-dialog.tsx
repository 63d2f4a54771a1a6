import { Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Age } from '../../../components/age.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { Email } from '../../../components/email.tsx'
import type { Conflict } from '../api/use-versioned-save.ts'
import type { VersionMaker } from '../who-changed.ts'
import '../texts/texts.ts'
import styles from './conflict-dialog.module.css'

interface ConflictDialogProps {
  readonly conflict: Conflict<unknown> | undefined
  readonly onKeep: () => void
  readonly onTake: () => void
  readonly onClose: () => void
}

/** The audit log has the others. */
const MOST_MAKERS = 3

/** Who saved meanwhile, what each side has, and the choice between them. */
export function ConflictDialog({ conflict, onKeep, onTake, onClose }: ConflictDialogProps) {
  const { t } = useTranslation('versions')
  return (
    <Dialog opened={conflict !== undefined} title={t('title')} onClose={onClose} size="40rem">
      {conflict !== undefined && (
        <>
          {conflict.makers.length === 0 && <Text size="sm">{t('somebody')}</Text>}
          {conflict.makers.slice(0, MOST_MAKERS).map((maker) => (
            <Maker key={maker.at} maker={maker} />
          ))}
          {conflict.rows.length > 0 && <Rows rows={conflict.rows} />}
          <Text size="sm" c="dimmed" mt="sm">
            {t('hint')}
          </Text>
          <Group justify="flex-end" gap="xs" mt="lg">
            <Button variant="default" onClick={onClose} data-autofocus>
              {t('close')}
            </Button>
            <Button variant="default" onClick={onTake}>
              {t('take')}
            </Button>
            <Button onClick={onKeep}>{t('keep')}</Button>
          </Group>
        </>
      )}
    </Dialog>
  )
}

function Maker({ maker: { actor, at } }: { maker: VersionMaker }) {
  const { t } = useTranslation('versions')
  return (
    <Text size="sm">
      {actor === null || actor.kind === 'SYSTEM' ? (
        t('system')
      ) : actor.kind === 'ADMIN' ? (
        <strong>
          <Email value={actor.id} />
        </strong>
      ) : (
        <strong>{t('key', { id: actor.id })}</strong>
      )}{' '}
      {t('saved')} <Age since={at} />
    </Text>
  )
}

function Rows({ rows }: { rows: Conflict<unknown>['rows'] }) {
  const { t } = useTranslation('versions')
  return (
    <table className={styles.rows}>
      <thead>
        <tr>
          <th scope="col">{t('field')}</th>
          <th scope="col">{t('theirs')}</th>
          <th scope="col">{t('yours')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ label, theirs, yours }) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td>{theirs === '' ? t('empty') : <bdi>{theirs}</bdi>}</td>
            <td className={yours === undefined ? styles.untouched : undefined}>
              {yours === undefined ? t('untouched') : yours === '' ? t('empty') : <bdi>{yours}</bdi>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
