import { useState } from 'react'
import { useTranslation } from 'react-i18next'

/**
 * What a screen reader is told when another list has come: once for each, and not for every answer that is asked for anew.
 *
 * @param question names the list; undefined while it is on its way
 */
export function useAnnouncement(question: string | undefined, count: number | undefined): string {
  const { t } = useTranslation()
  const [announced, announce] = useState<{ question: string; count: number }>()
  if (question !== undefined && count !== undefined && question !== announced?.question) {
    announce({ question, count })
  }
  return announced === undefined ? '' : t('identities.shown', { count: announced.count })
}
