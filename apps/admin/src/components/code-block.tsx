import styles from './code-block.module.css'

/** Lines of code to read or copy. */
export function CodeBlock({ code }: { code: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
    <pre className={styles.code} tabIndex={0}>
      {code}
    </pre>
  )
}
