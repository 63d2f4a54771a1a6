// Files that are bundled as text.
declare module '*.lua' {
  const text: string
  export default text
}
declare module '*.html' {
  const text: string
  export default text
}
