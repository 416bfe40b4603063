import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { cacheDir } from '../../fixtures/paths.ts';
import type { Desktop } from './desktop.ts';
import { expect } from './test.ts';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const folder = join(cacheDir, 'screenshots');

export interface Look {
  readonly language: 'en' | 'ko';
  readonly colorScheme: 'light' | 'dark';
}

/** `npm run test:looks` draws every state in every look; `npm test` is in more of a hurry. */
const all = process.env['LIMEN_ALL_LOOKS'] === '1';

const fourLooks: readonly Look[] = [
  { language: 'ko', colorScheme: 'light' },
  { language: 'ko', colorScheme: 'dark' },
  { language: 'en', colorScheme: 'dark' },
  { language: 'en', colorScheme: 'light' },
];

/** Two of the four show every word and every colour. */
const twoLooks: readonly Look[] = [
  { language: 'ko', colorScheme: 'dark' },
  { language: 'en', colorScheme: 'light' },
];

/** Of a page whose lay-out is to hold. Ends in English, which the page objects speak. */
export const looks = all ? fourLooks : twoLooks;

let turn = 0;

/** Of one state of a page: the two in turn, so that each is seen many times. */
function looksOfState(): readonly Look[] {
  if (all) return twoLooks;
  turn += 1;
  return twoLooks.slice(turn % 2, (turn % 2) + 1);
}

/**
 * Put on a look, and wait until this page has it. Motion is reduced, so that no picture shows half a transition
 * (cutting them short with Playwright's `animations: 'disabled'` crashes the renderer of Chromium 114).
 */
export async function wear(desktop: Desktop, page: Page, look: Look): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await desktop.changeSettings(look);
  const root = `html[lang="${look.language}"][data-mantine-color-scheme="${look.colorScheme}"]`;
  await page.locator(root).waitFor({ state: 'attached' });
}

/** Write what the page shows now to `.cache/screenshots`. */
export async function draw(page: Page, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** WCAG 2.2 A and AA, as axe knows them. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  // Handed to the debugger as text: the content security policy allows no script tag and no eval.
  await page.evaluate(await readFile(axePath, 'utf8'));
  const violations = await page.evaluate(async () => {
    type Axe = {
      run(
        context: Document,
        options: object,
      ): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
    };
    const { axe } = globalThis as unknown as { axe: Axe };
    const result = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    });
    return result.violations.map(
      (v) => `${v.id}: ${v.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
    );
  });
  expect(violations, what).toEqual([]);
}

/** Draw and check one state; ends in English, which the page objects speak. */
export async function inspect(desktop: Desktop, page: Page, name: string): Promise<void> {
  for (const look of looksOfState()) {
    await wear(desktop, page, look);
    const file = `${name}-${look.language}-${look.colorScheme}`;
    await draw(page, file);
    await expectAccessible(page, file);
  }
  await wear(desktop, page, { language: 'en', colorScheme: 'light' });
}
