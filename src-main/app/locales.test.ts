import { errorCodes } from '@limen/contract';
import { expect, test } from 'vitest';
import en from '../locales/en.json' with { type: 'json' };
import ko from '../locales/ko.json' with { type: 'json' };

function keysOf(node: object, prefix = ''): string[] {
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null ? keysOf(value, `${prefix}${key}.`) : [`${prefix}${key}`],
  );
}

const placeholders = (text: string): string[] => (text.match(/{{\w+}}/g) ?? []).sort();

test('English and Korean have the same keys, and a text for each error code', () => {
  expect(keysOf(ko).sort()).toEqual(keysOf(en).sort());
  expect(Object.keys(en.error).sort()).toEqual([...errorCodes].sort());
});

test('both languages use the same placeholders', () => {
  for (const section of Object.keys(en) as (keyof typeof en)[]) {
    const korean: Record<string, string> = ko[section];
    for (const [key, text] of Object.entries(en[section]))
      expect(placeholders(korean[key] ?? '')).toEqual(placeholders(text));
  }
});
