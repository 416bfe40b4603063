/**
 * `npm run test:looks`: draw every state of every screen in both languages and themes into `.cache/screenshots`, and
 * check each with axe. `npm test` does as much as shows every word and every colour somewhere.
 */
import { endToEnd } from './e2e.mjs';
import { isMain, runMain } from './lib/say.mjs';

if (isMain(import.meta.url))
  await runMain(() => {
    process.env['LIMEN_ALL_LOOKS'] = '1';
    return endToEnd(['looks']);
  });
