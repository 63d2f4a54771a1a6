import { useTranslation } from 'react-i18next'
import { IconCircleCheck } from '../../../components/icons/page-icons.ts'
import { StateBadge } from '../../../components/state-badge.tsx'
import type { SystemStatusQuery } from '../../../generated/graphql.ts'
import { fixesEs } from '../texts/fixes-es.ts'
import styles from './system-page.module.css'

type Finding = NonNullable<SystemStatusQuery['system']['findings']>[number]

/** What an operator should change, as `emailauth doctor` says it. */
export function Findings({ findings }: { findings: readonly Finding[] }) {
  const { t, i18n } = useTranslation('system')
  const fixes: Readonly<Record<string, string>> = i18n.language === 'es' ? fixesEs : {}
  if (findings.length === 0) {
    return (
      <p className={styles.fine}>
        <IconCircleCheck size={16} aria-hidden /> {t('fine')}
      </p>
    )
  }
  return (
    <ul className={styles.findings}>
      {findings.map(({ code, level, detail, fix }) => {
        // Persistence may be newer than the page.
        const about = t(`finding.${code}`, { defaultValue: '' })
        return (
          <li key={`${code} ${detail}`} className={styles.finding}>
            <StateBadge tone={level === 'FAIL' ? 'bad' : 'warning'}>
              {t(`level.${level}`, { defaultValue: level })}
            </StateBadge>
            <div>
              {about !== '' && <p className={styles.about}>{about}</p>}
              <p lang="en">{detail}</p>
              <p className={styles.fix} lang={fixes[code] === undefined ? 'en' : undefined}>
                {fixes[code] ?? fix}
              </p>
            </div>
          </li>
        )
      })}
    </ul>
  )
}
