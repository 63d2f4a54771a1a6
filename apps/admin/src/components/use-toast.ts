import { notifications } from '@mantine/notifications'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../lib/failure.ts'

const GOOD_MS = 5000
const FAILED_MS = 20_000

/** Shows the result of an action. A failure stays longer, until the next success. */
export function useToast() {
  const { t } = useTranslation()
  return useMemo(() => {
    const closeButtonProps = { 'aria-label': t('app.close') }
    const say = (color: string, title: string, message: string) => {
      notifications.hide('failure')
      notifications.show({ color, title, message, autoClose: GOOD_MS, closeButtonProps })
    }
    return {
      good: (title: string, message = '') => say('green', title, message),
      plain: (title: string, message = '') => say('gray', title, message),
      /** @param refusal the gateway's own sentence, in English, why it does not accept what was typed */
      failed(title: string, { kind, requestId }: Failure, about = '', refusal = '') {
        const why = refusal === '' ? t(`failure.${kind}`) : t('failure.refused', { message: refusal })
        const reason = why + (requestId ? ` ${t('failure.requestId')}: ${requestId}` : '')
        notifications.hide('failure')
        notifications.show({
          id: 'failure',
          color: 'red',
          title,
          message: about === '' ? reason : `${about}. ${reason}`,
          autoClose: FAILED_MS,
          closeButtonProps,
        })
      },
    }
  }, [t])
}
