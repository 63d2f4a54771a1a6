/**
 * Node's sentences about certificates. Each has a space or `'s` beside the word, which no URL has. A name
 * that was looked up stands behind ENOTFOUND or EAI_AGAIN.
 */
const SENTENCE = /(?<!ENOTFOUND|EAI_AGAIN) certificate(?![\w:/-]|[.]\w)|certificate(?: |'s)/i

/**
 * True when a message says that a certificate is not accepted. ioredis and nodemailer put other codes, or
 * none, in place of Node's, so the words are all there is. Host names that have the word do not count.
 */
export function isAboutCertificate(message: string): boolean {
  return SENTENCE.test(message)
}
