import { Alert, Skeleton, Text } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FailureAlert } from '../../../components/failure-alert.tsx'
import { StateBadge } from '../../../components/state-badge.tsx'
import type { MailPreviewQuery, TenantMailInput } from '../../../generated/graphql.ts'
import { useMailPreview } from '../api/use-mail-preview.ts'
import { inScheme } from '../in-scheme.ts'
import styles from './preview.module.css'
import { PreviewChoices, type PreviewView } from './preview-choices.tsx'
import { Section } from './section.tsx'
import { useFrameFocus } from './use-frame-focus.ts'

interface PreviewProps {
  readonly tenantId: string
  readonly locale: string
  readonly onLocale: (locale: string) => void
  /** What is typed and not saved. */
  readonly unsaved: TenantMailInput
}

/** The mail as its recipient sees it. */
export function Preview({ tenantId, locale, onLocale, unsaved }: PreviewProps) {
  const { t } = useTranslation('mail')
  const { t: common } = useTranslation()
  const [view, setView] = useState<PreviewView>({ scheme: 'light', width: 'wide', part: 'html' })
  const { data: mail, failure, fault, retry } = useMailPreview(tenantId, locale, unsaved)
  const isUnsaved = Object.keys(unsaved).length > 0
  return (
    <Section title={t('preview.title')} hint={t('preview.hint')}>
      <PreviewChoices locale={locale} onLocale={onLocale} view={view} onView={setView} />
      <div role="status">
        {fault !== undefined && (
          <Alert color="yellow" title={t('preview.notShown')} mb="sm">
            {fault}
          </Alert>
        )}
        {isUnsaved && fault === undefined && (
          <Text size="sm" mb="xs">
            <StateBadge tone="warning">{t('preview.unsaved')}</StateBadge>
          </Text>
        )}
      </div>
      {failure && (
        <FailureAlert
          title={t('preview.failed')}
          failure={failure}
          action={{ label: common('app.retry'), run: retry }}
        />
      )}
      {mail === undefined && !failure && <Skeleton height={480} />}
      {mail === null && <Text>{t('noTenant.title')}</Text>}
      {mail && <RenderedMail mail={mail} view={view} />}
    </Section>
  )
}

interface RenderedMailProps {
  readonly mail: NonNullable<MailPreviewQuery['mailPreview']>
  readonly view: PreviewView
}

function RenderedMail({ mail, view: { scheme, width, part } }: RenderedMailProps) {
  const { t } = useTranslation('mail')
  const frame = useRef<HTMLIFrameElement>(null)
  const hasFocus = useFrameFocus(frame)
  return (
    <>
      <Text size="sm" mb="xs">
        <Text span c="dimmed">
          {t('preview.subject')}:
        </Text>{' '}
        <strong>{mail.subject}</strong>
      </Text>
      {part === 'html' ? (
        // The empty sandbox forbids scripts, forms and access to the page.
        <iframe
          ref={frame}
          className={styles.frame}
          data-focus={hasFocus || undefined}
          data-scheme={scheme}
          data-width={width}
          title={t('preview.frame')}
          sandbox=""
          srcDoc={inScheme(mail.html, scheme)}
        />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
        <pre className={styles.text} tabIndex={0}>
          {mail.text}
        </pre>
      )}
    </>
  )
}
