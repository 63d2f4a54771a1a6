import { useTranslation } from 'react-i18next'
import { IconBuilding } from '../../../components/icons/page-icons.ts'
import { MessageState } from '../../../components/message-state.tsx'
import { Page } from '../../../components/page.tsx'
import { Select } from '../../../components/select.tsx'
import { SuppressedAddresses } from '../../mail/components/suppressed-addresses.tsx'
import '../../mail/texts/texts.ts'
import { useTenantScope } from '../../tenants/tenant-scope.ts'
import { useOpeningState } from '../api/use-opening-state.ts'
import '../texts/texts.ts'
import { MESSAGE_STATES, PROBLEM_STATES, REASONS, useMessagesView } from '../view.ts'
import { MessageLog } from './message-log.tsx'

/** Delivery of messages, of all tenants or one, and suppressed addresses. */
export default function MessagesPage() {
  const { t } = useTranslation('messages')
  const tenantId = useTenantScope()
  const view = useMessagesView()
  const { state, reason, isSuppressed } = view
  useOpeningState(tenantId, state === undefined && !isSuppressed, view.openState)
  return (
    <Page title={t('title')} toolbar={<Choices {...view} />} fill={!isSuppressed}>
      {isSuppressed ? (
        tenantId === undefined ? (
          <MessageState icon={<IconBuilding />} title={t('choose')} hint={t('chooseHint')} />
        ) : (
          <SuppressedAddresses key={tenantId} tenantId={tenantId} />
        )
      ) : (
        state !== undefined && (
          <MessageLog key={JSON.stringify([tenantId, state, reason])} {...{ tenantId, state, reason }} />
        )
      )}
    </Page>
  )
}

/** Which list, and of which messages. */
function Choices({
  state,
  reason,
  isSuppressed,
  chooseState,
  chooseReason,
  chooseList,
}: ReturnType<typeof useMessagesView>) {
  const { t } = useTranslation('messages')
  const ofMessages = isSuppressed ? undefined : state
  return (
    <>
      <Select label={t('list')} value={isSuppressed ? 'suppressed' : 'messages'} onChange={chooseList}>
        <option value="messages">{t('messages')}</option>
        <option value="suppressed">{t('suppressed')}</option>
      </Select>
      {ofMessages !== undefined && (
        <Select label={t('state')} value={ofMessages} onChange={chooseState}>
          {MESSAGE_STATES.map((name) => (
            <option key={name} value={name}>
              {t(`states.${name}`)}
            </option>
          ))}
        </Select>
      )}
      {ofMessages !== undefined && PROBLEM_STATES.includes(ofMessages) && (
        <Select label={t('reason')} value={reason ?? ''} onChange={chooseReason}>
          <option value="">{t('anyReason')}</option>
          {REASONS.map((name) => (
            <option key={name} value={name}>
              {t(`reasons.${name}`)}
            </option>
          ))}
        </Select>
      )}
    </>
  )
}
