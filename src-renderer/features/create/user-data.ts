import { isMap, isSeq, parseDocument } from 'yaml';

/** What is wrong with user-data. `line` counts from 1; null where no line is to blame. */
export interface UserDataProblem {
  readonly kind: 'header' | 'syntax' | 'notMapping' | 'notList';
  readonly line: number | null;
  /** The parser's words (English), or the key that must be a list. */
  readonly detail: string;
}

const HEADER = '#cloud-config';

/** Keys that must be lists: cloud-init's schema, the modules people use most. */
const lists = ['bootcmd', 'packages', 'runcmd', 'ssh_authorized_keys', 'users', 'write_files'];

/**
 * Find the first reason why cloud-init would not take a text; null when there is none to see. Only cloud-config is
 * checked: scripts (`#!`) and the other formats cloud-init knows are for the guest to judge.
 */
export function checkUserData(text: string): UserDataProblem | null {
  const [first = ''] = text.split('\n', 1);
  if (first.startsWith('#!')) return null;
  if (first.trimEnd() !== HEADER) return { kind: 'header', line: 1, detail: HEADER };
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error) {
    const [summary = ''] = error.message.split('\n', 1);
    return {
      kind: 'syntax',
      line: error.linePos?.[0].line ?? null,
      detail: summary.replace(/ at line.*$/, ''),
    };
  }
  const { contents } = document;
  if (contents === null) return null;
  if (!isMap(contents)) return { kind: 'notMapping', line: null, detail: '' };
  for (const key of lists) {
    const value = contents.get(key, true);
    if (value !== undefined && !isSeq(value)) {
      return { kind: 'notList', line: lineOf(text, key), detail: key };
    }
  }
  return null;
}

function lineOf(text: string, key: string): number | null {
  const index = text.split('\n').findIndex((line) => line.startsWith(`${key}:`));
  return index < 0 ? null : index + 1;
}
