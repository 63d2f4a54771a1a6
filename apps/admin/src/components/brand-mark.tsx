/** The product's logo. Decorative: its name stands beside it. */
export function BrandMark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#3b5bdb" />
      <g fill="none" stroke="#fff" strokeWidth="2.2" strokeLinecap="round" strokeLinejoin="round">
        <path d="M7 11.5 16 18l9-6.5" />
        <path d="M25 16v-5.5A1.5 1.5 0 0 0 23.5 9h-15A1.5 1.5 0 0 0 7 10.5v11A1.5 1.5 0 0 0 8.5 23H15" />
        <path d="m19 22.5 2.6 2.5 4.4-5" stroke="#8ce99a" strokeWidth="2.6" />
      </g>
    </svg>
  )
}
