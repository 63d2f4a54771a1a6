import { useTranslation } from 'react-i18next'
import type { Event } from '../api/follow-events.ts'

/** Who did it, where that is written down. */
export function EventActor({ actor }: { actor: Event['actor'] }) {
  const { t } = useTranslation('events')
  if (actor === null) return null
  if (actor.kind === 'ADMIN') return actor.id
  return actor.kind === 'SYSTEM' ? t('bySystem') : t('byKey', { id: actor.id })
}
