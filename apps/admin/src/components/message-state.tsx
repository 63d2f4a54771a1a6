import { Text, Title } from '@mantine/core'
import type { ReactNode, Ref } from 'react'
import styles from './message-state.module.css'

interface MessageStateProps {
  readonly icon: ReactNode
  readonly title: string
  readonly hint: string
  /** 1 when the page shows nothing else. */
  readonly headingLevel?: 1 | 2
  /** Of a title that gets the focus. */
  readonly titleRef?: Ref<HTMLHeadingElement>
  readonly children?: ReactNode
}

/** Replaces an empty list: why it is empty, and what to do next. */
export function MessageState({ icon, title, hint, headingLevel = 2, titleRef, children }: MessageStateProps) {
  return (
    <div className={styles.state}>
      <span className={styles.icon} aria-hidden="true">
        {icon}
      </span>
      <Title order={headingLevel} size="lg" tabIndex={titleRef === undefined ? undefined : -1} ref={titleRef}>
        {title}
      </Title>
      <Text size="sm" c="dimmed" maw="32rem">
        {hint}
      </Text>
      {children}
    </div>
  )
}
