const meanings: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'no such file or folder',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder, not a file',
  EEXIST: 'it exists already',
  EMFILE: 'too many open files',
  EIO: 'the device reports an input/output error',
};

/** An operating system's error in words, with its code: `permission denied (EACCES)`. */
export function explainIoError(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (typeof code === 'string') return `${meanings[code] ?? 'the system refused'} (${code})`;
  return error instanceof Error ? error.message : String(error);
}
