import { Component, type ReactNode } from 'react'

interface ErrorBoundaryProps {
  /** What is shown instead; it is given the way to try again. */
  readonly fallback: ReactNode | ((retry: () => void) => ReactNode)
  /** When it changes the inside is drawn anew: another page need not suffer from this one's fault. */
  readonly resetKey?: unknown
  readonly children: ReactNode
}

interface ErrorBoundaryState {
  readonly failed: boolean
  readonly resetKey: unknown
}

/** Shows `fallback` when what is inside cannot be drawn: a fault of ours, or a part of the page that did not load. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { failed: false, resetKey: this.props.resetKey }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  static getDerivedStateFromProps({ resetKey }: ErrorBoundaryProps, state: ErrorBoundaryState) {
    return resetKey === state.resetKey ? null : { failed: false, resetKey }
  }

  override render() {
    const { fallback, children } = this.props
    if (!this.state.failed) return children
    return typeof fallback === 'function' ? fallback(() => this.setState({ failed: false })) : fallback
  }
}
