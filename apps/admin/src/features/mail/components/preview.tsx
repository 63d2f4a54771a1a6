import { Alert, Skeleton, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FailureAlert } from '../../../components/failure-alert.tsx'
import { Select } from '../../../components/select.tsx'
import { StateBadge } from '../../../components/state-badge.tsx'
import type { TenantMailInput } from '../../../generated/graphql.ts'
import { useMailPreview } from '../api/use-mail-preview.ts'
import { inScheme, type Scheme } from '../in-scheme.ts'
import { LANGUAGES, languageName } from '../languages.ts'
import styles from './preview.module.css'
import { Section } from './section.tsx'

interface PreviewProps {
  readonly tenantId: string
  readonly locale: string
  readonly onLocale: (locale: string) => void
  /** What is typed and not saved. */
  readonly unsaved: TenantMailInput
}

const SCHEMES = ['light', 'dark'] as const
const PARTS = ['html', 'text'] as const
const WIDTHS = ['wide', 'phone'] as const

/** The mail as its recipient sees it. */
export function Preview({ tenantId, locale, onLocale, unsaved }: PreviewProps) {
  const { t } = useTranslation('mail')
  const { t: common } = useTranslation()
  const [scheme, setScheme] = useState<Scheme>('light')
  const [part, setPart] = useState<(typeof PARTS)[number]>('html')
  const [width, setWidth] = useState<(typeof WIDTHS)[number]>('wide')
  const { data: mail, failure, fault, retry } = useMailPreview(tenantId, locale, unsaved)
  const isUnsaved = Object.keys(unsaved).length > 0
  return (
    <Section title={t('preview.title')} hint={t('preview.hint')}>
      <div className={styles.choices}>
        <Select label={t('preview.language')} value={locale} onChange={onLocale}>
          {LANGUAGES.map((value) => (
            <option key={value} value={value}>
              {languageName(value)}
            </option>
          ))}
        </Select>
        <Select
          label={t('preview.colours')}
          value={scheme}
          onChange={(value) => setScheme(value === 'dark' ? 'dark' : 'light')}
        >
          {SCHEMES.map((value) => (
            <option key={value} value={value}>
              {t(`preview.scheme.${value}`)}
            </option>
          ))}
        </Select>
        <Select
          label={t('preview.width')}
          value={width}
          onChange={(value) => setWidth(value === 'phone' ? 'phone' : 'wide')}
        >
          {WIDTHS.map((value) => (
            <option key={value} value={value}>
              {t(`preview.widths.${value}`)}
            </option>
          ))}
        </Select>
        <Select
          label={t('preview.part')}
          value={part}
          onChange={(value) => setPart(value === 'text' ? 'text' : 'html')}
        >
          {PARTS.map((value) => (
            <option key={value} value={value}>
              {t(`preview.parts.${value}`)}
            </option>
          ))}
        </Select>
      </div>
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
      {mail && (
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
              className={styles.frame}
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
      )}
    </Section>
  )
}
