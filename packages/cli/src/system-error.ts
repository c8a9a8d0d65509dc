/** What an operating system's error means to somebody at a terminal (errno(3)). */
const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or directory',
  EACCES: 'you have no right to that',
  EPERM: 'you have no right to that',
  EROFS: 'that file system can only be read',
  ENOSPC: 'no space is left there: make room and run the command again',
  EDQUOT: 'your quota there is used up: make room and run the command again',
  EISDIR: 'it is a directory, not a file',
  ENOTDIR: 'a part of that path is a file, not a directory',
  EEXIST: 'it is there already, and nothing is overwritten',
  EIO: 'the medium does not answer as it should: check it',
  EMFILE: 'too many files are open: raise "ulimit -n"',
};

const UNAVAILABLE: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE', 'ENOMEM']);

export interface SystemFailure {
  readonly family: 'usage' | 'unavailable';
  readonly code: string;
  readonly message: string;
}

/** An error of the operating system in plain words with its path; null for any other. */
export function systemFailure(error: unknown): SystemFailure | null {
  if (!(error instanceof Error)) return null;
  const { code, path, dest, message } = error as NodeJS.ErrnoException & { readonly dest?: string };
  if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) return null;
  const place = dest ?? path;
  const words = WORDS[code];
  return {
    family: UNAVAILABLE.has(code) ? 'unavailable' : 'usage',
    code,
    message: words === undefined ? message : `${place ?? 'one of the files named'}: ${words}`,
  };
}
