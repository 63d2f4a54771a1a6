import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { StatisticsQuery } from '../../../generated/graphql.ts'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import '../../messages/texts/texts.ts'
import { useScopedPath } from '../../tenants/tenant-scope.ts'
import { PROBLEM_EVENTS, problemsOf } from '../problems.ts'
import { changeOf } from '../statistics.ts'
import { ChartCard } from './chart-card.tsx'
import styles from './problems.module.css'

interface ProblemsProps {
  readonly data: StatisticsQuery['statistics'] | undefined
  readonly steps: number
}

/** Why mails were delayed, returned or refused. Each reason leads to its messages. */
export function Problems({ data, steps }: ProblemsProps) {
  const { t } = useTranslation('overview')
  const { t: messages } = useTranslation('messages')
  const locale = useLocale()
  const scoped = useScopedPath()
  const number = new Intl.NumberFormat(locale)
  const signed = new Intl.NumberFormat(locale, {
    style: 'percent',
    maximumFractionDigits: 0,
    signDisplay: 'exceptZero',
  })
  const problems = data === undefined ? [] : problemsOf(data.buckets, steps)
  const hasChanges = problems.some((problem) => changeOf(problem) !== undefined)
  const most = Math.max(1, ...problems.map(({ sum }) => sum))
  const reasons = [...new Set(problems.map(({ reason }) => reason))]
  const rows = reasons.map((reason) => ({
    label: messages(`reasons.${reason}`),
    values: PROBLEM_EVENTS.map(
      (event) => problems.find((one) => one.event === event && one.reason === reason)?.sum ?? 0,
    ),
  }))
  const pathOf = (state: string, reason: string) => {
    const base = scoped('/messages')
    return `${base}${base.includes('?') ? '&' : '?'}${new URLSearchParams({ state, reason })}`
  }
  return (
    <ChartCard
      title={t('problems')}
      file="delivery-problems.csv"
      columns={[t('reason'), ...PROBLEM_EVENTS.map((event) => t(`of.${event}`))]}
      rows={rows}
    >
      {problems.length === 0 ? (
        <p className={styles.none}>{data === undefined ? '…' : t('noProblems')}</p>
      ) : (
        <ul className={styles.problems} data-changes={hasChanges || undefined}>
          {problems.map(({ event, reason, sum, before }) => {
            const change = changeOf({ sum, before })
            return (
              <li key={`${event} ${reason}`}>
                <Link to={pathOf(event, reason)} className={styles.problem}>
                  <span className={styles.reason}>
                    {messages(`reasons.${reason}`)} <span className={styles.event}>{t(`of.${event}`)}</span>
                  </span>
                  <span className={styles.track} aria-hidden="true">
                    <span
                      className={styles.bar}
                      data-bar
                      data-event={event}
                      style={{ width: `${(sum / most) * 100}%` }}
                    />
                  </span>
                  <strong className={styles.sum}>{number.format(sum)}</strong>
                  {change !== undefined && (
                    <span className={styles.change} title={t('before')}>
                      {signed.format(change / 100)}
                    </span>
                  )}
                </Link>
              </li>
            )
          })}
        </ul>
      )}
    </ChartCard>
  )
}
