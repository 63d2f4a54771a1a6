const SENTENCES: Readonly<Record<string, string>> = {
  EACCES: 'This user may not do that',
  EBUSY: 'It is in use',
  EDQUOT: "The user's disk quota is used up",
  EEXIST: 'It is there already',
  EIO: 'The disk or device failed',
  EISDIR: 'It is a folder',
  EMFILE: 'Too many files are open',
  ENAMETOOLONG: 'The name is too long',
  ENOENT: 'It is not there',
  ENOSPC: 'No space is left on the disk',
  ENOTDIR: 'A part of the path is no folder',
  EPERM: 'This user may not do that',
  EROFS: 'The disk is read-only',
}

/** An error of the operating system as a sentence with the path it is about; undefined for any other. */
export function errnoSentence(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined
  const cannotBe = error.code === 'ENOENT' && error.syscall === 'mkdir'
  const sentence = cannotBe ? 'No folder can be made there' : SENTENCES[String(error.code)]
  if (sentence === undefined) return undefined
  return 'path' in error && typeof error.path === 'string' ? `${error.path}: ${sentence}.` : `${sentence}.`
}
