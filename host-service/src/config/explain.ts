import type { z } from 'zod';
import { expectation, sections, settingNames } from './schema.ts';
import { suggest } from './suggest.ts';

type Issue = z.core.$ZodIssue;

/** Where a setting came from, e.g. `/etc/limen/host.toml`; for those of the file the file itself. */
export type OriginOf = (section: string, key: string) => string;

/** Each issue as: where, which setting, what was wrong, what would be right. */
export function explainIssues(issues: readonly Issue[], input: unknown, originOf: OriginOf): string[] {
  return issues.flatMap((issue) => explain(issue, input, originOf));
}

function explain(issue: Issue, input: unknown, originOf: OriginOf): string[] {
  const [section = '', key = ''] = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((unknown) => explainUnknown(section, unknown, originOf));
  }
  const name = key === '' ? `section [${section}]` : `${section}.${key}`;
  const where = `${originOf(section, key)}: ${name}`;
  if (issue.code === 'custom' && issue.message.startsWith('is missing')) return [`${where} ${issue.message}`];
  const expected = expectation(section, key);
  return [
    `${where} is ${show(section, valueAt(input, section, key))}; it must be ${expected ?? 'a table of settings'}`,
  ];
}

function explainUnknown(section: string, unknown: string, originOf: OriginOf): string {
  const inSection = section !== '';
  const candidates = inSection ? settingNames(section) : Object.keys(sections);
  const near = suggest(unknown, candidates);
  const hint = near === undefined ? `known here: ${candidates.join(', ')}` : `did you mean "${near}"?`;
  const what = inSection ? `setting "${unknown}" in [${section}]` : `section or setting "${unknown}"`;
  return `${originOf(section, unknown)}: unknown ${what}; ${hint}`;
}

function valueAt(input: unknown, section: string, key: string): unknown {
  const table = (input as Record<string, unknown> | undefined)?.[section];
  return key === '' ? table : (table as Record<string, unknown> | undefined)?.[key];
}

function show(section: string, value: unknown): string {
  // A database URL holds a password, and messages end up in logs.
  if (section === 'database') return 'not right';
  return JSON.stringify(value) ?? 'missing';
}
