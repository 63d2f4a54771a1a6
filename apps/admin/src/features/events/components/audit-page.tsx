import { useTranslation } from 'react-i18next'
import '../texts/texts.ts'
import { GROUPS, type Group } from '../kinds.ts'
import { useEventView } from '../view.ts'
import { EventFeed } from './event-feed.tsx'
// Changes are shown by the labels of the tenant's form.
import '../../tenants/texts/texts.ts'

const ADMINS: readonly Group[] = ['admins']

/** The actions of admins. */
export default function AuditPage() {
  const { t } = useTranslation('events')
  const { view, change } = useEventView()
  const kind = GROUPS.admins.find((type) => type === view.kind)
  return <EventFeed title={t('audit')} view={{ ...view, kind }} onChange={change} groups={ADMINS} isAudit />
}
