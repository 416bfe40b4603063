import { expandNames } from '@limen/contract';
import { shortList } from '../../lib/short-list.ts';

export interface NameSuggestion {
  readonly name: string;
  readonly firstNumber: number;
}

/** `ubuntu-24.04` → `ubuntu`: what a machine is called by its system, without the version. */
export function baseName(presetId: string): string {
  const base = presetId.replace(/[-.]?\d[\d.]*(-.*)?$/, '');
  return base === '' || base.startsWith('other') ? 'machine' : base;
}

/** The first numbers that are free: `debian-3`, or for several machines `debian-{n}` from 3 on. */
export function suggestName(base: string, count: number, taken: ReadonlySet<string>): NameSuggestion {
  const pattern = `${base}-{n}`;
  let firstNumber = 1;
  while (expandNames(pattern, count, firstNumber).some((name) => taken.has(name))) firstNumber += 1;
  return { name: count > 1 ? pattern : `${base}-${firstNumber}`, firstNumber };
}

/** Put the running number into a name a person gave, when it becomes several machines: `web-4` → `web-{n}`. */
export function asPattern(name: string): NameSuggestion {
  if (name.includes('{n}')) return { name, firstNumber: 1 };
  const numbered = /^(.*?)(\d+)$/.exec(name);
  if (!numbered) return { name: `${name}-{n}`, firstNumber: 1 };
  return { name: `${numbered[1] ?? ''}{n}`, firstNumber: Number(numbered[2]) };
}

/** What the machines will be called, in one line. */
export function nameRange(pattern: string, count: number, firstNumber: number): string {
  return shortList(expandNames(pattern, count, firstNumber));
}
