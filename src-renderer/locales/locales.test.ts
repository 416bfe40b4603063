import { describe, expect, it } from 'vitest';
import { en, ko, namespaces } from './resources.ts';

type Tree = { readonly [key: string]: string | Tree };

function flatten(tree: Tree, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') flat.set(prefix + key, value);
    else for (const [path, text] of flatten(value, `${prefix}${key}.`)) flat.set(path, text);
  }
  return flat;
}

function allTexts(language: Tree): Map<string, string> {
  return new Map(
    Object.entries(language).flatMap(([namespace, tree]) =>
      typeof tree === 'string'
        ? []
        : [...flatten(tree)].map(([key, text]) => [`${namespace}:${key}`, text] as const),
    ),
  );
}

const permissions = ['machine:view', 'machine:operate', 'machine:manage'];
const texts = { en: allTexts(en), ko: allTexts(ko) };
const sources = import.meta.glob<string>(['../**/*.{ts,tsx}', '!../**/*.test.{ts,tsx}', '!../**/*.d.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Every string or template in the sources that begins with one of our namespaces; `${…}` matches one key part. */
function usedKeys(): Map<string, RegExp> {
  const used = new Map<string, RegExp>();
  const literal = new RegExp(`['"\`]((?:${namespaces.join('|')}):[^'"\`\\s]+)['"\`]`, 'g');
  for (const source of Object.values(sources)) {
    for (const [, key] of source.matchAll(literal)) {
      // Permissions are written alike.
      if (key === undefined || permissions.includes(key)) continue;
      const parts = key
        .split(/\$\{[^}]*\}/)
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
      used.set(key, new RegExp(`^${parts.join('[^.]+')}(_one|_other)?$`));
    }
  }
  return used;
}

function placeholders(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? ''))].sort();
}

describe('texts', () => {
  it('exist in both languages', () => {
    expect([...texts.ko.keys()].sort()).toEqual([...texts.en.keys()].sort());
  });

  it('are not empty', () => {
    for (const [language, map] of Object.entries(texts)) {
      expect([...map].filter(([, text]) => text.trim() === '').map(([key]) => `${language} ${key}`)).toEqual(
        [],
      );
    }
  });

  it('have the same placeholders in both languages', () => {
    const differing = [...texts.en].filter(
      ([key, text]) => placeholders(text).join() !== placeholders(texts.ko.get(key) ?? '').join(),
    );
    expect(differing.map(([key]) => key)).toEqual([]);
  });

  it('are defined wherever they are used', () => {
    const used = usedKeys();
    expect(used.size).toBeGreaterThan(100);
    const undefinedKeys = [...used].filter(
      ([, pattern]) => ![...texts.en.keys()].some((key) => pattern.test(key)),
    );
    expect(undefinedKeys.map(([key]) => key)).toEqual([]);
  });

  it('are used wherever they are defined', () => {
    const patterns = [...usedKeys().values()];
    expect([...texts.en.keys()].filter((key) => !patterns.some((pattern) => pattern.test(key)))).toEqual([]);
  });
});
