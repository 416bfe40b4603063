import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { generateOpenApiDocument } from './openapi-document.ts';

test('docs/openapi.json is what the contract says; `node scripts/generate-openapi.mjs` writes it', async () => {
  const file = await readFile(new URL('../../../docs/openapi.json', import.meta.url), 'utf8');
  expect(file).toBe(`${JSON.stringify(await generateOpenApiDocument(), null, 2)}\n`);
});
