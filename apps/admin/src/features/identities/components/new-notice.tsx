import { Button } from '@mantine/core'
import { IconArrowUp } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { PAGE_SIZE } from '../api/use-identity-page.ts'
import styles from './new-notice.module.css'

/** Says on a later page that there are new identities on the first, instead of moving what somebody reads. */
export function NewNotice({ count, onShow }: { count: number; onShow: () => void }) {
  const { t } = useTranslation()
  return (
    <div role="status" className={styles.notice}>
      {count > 0 && (
        <Button size="compact-sm" variant="filled" leftSection={<IconArrowUp size={14} />} onClick={onShow}>
          {count < PAGE_SIZE
            ? t('identities.pages.new', { count })
            : t('identities.pages.newMany', { count: PAGE_SIZE - 1 })}
        </Button>
      )}
    </div>
  )
}
