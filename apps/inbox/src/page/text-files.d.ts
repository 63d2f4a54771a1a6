// The browser's files, imported as text or bytes.
declare module '*.css' {
  const text: string
  export default text
}
declare module '*.js' {
  const text: string
  export default text
}
declare module '*.woff2' {
  const bytes: Uint8Array
  export default bytes
}
