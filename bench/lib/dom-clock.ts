import type { Page } from '@playwright/test';

/** What to look for: an element whose text comes to contain `text`. */
export interface Expected {
  readonly selector: string;
  /** Among several elements, the one that also contains this. */
  readonly having?: string;
  readonly text: string;
}

/**
 * Watch a page for a change of its DOM. `armed` resolves once the watch is in place; `seen` to the moment of the
 * change, in ms since the epoch by the page's own clock, which is this machine's.
 */
export function watchDom(page: Page, expected: Expected): { armed: Promise<void>; seen: Promise<number> } {
  const armed = page.evaluate((wanted) => {
    const there = (): boolean =>
      [...document.querySelectorAll(wanted.selector)].some(
        (element) =>
          (wanted.having === undefined || (element.textContent ?? '').includes(wanted.having)) &&
          (element.textContent ?? '').includes(wanted.text),
      );
    const slot = globalThis as unknown as { domSeen: Promise<number> };
    slot.domSeen = new Promise((resolve) => {
      if (there()) {
        resolve(performance.timeOrigin + performance.now());
        return;
      }
      const observer = new MutationObserver(() => {
        if (!there()) return;
        observer.disconnect();
        resolve(performance.timeOrigin + performance.now());
      });
      observer.observe(document.body, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true,
      });
    });
  }, expected);
  const seen = armed.then(() =>
    page.evaluate(() => (globalThis as unknown as { domSeen: Promise<number> }).domSeen),
  );
  return { armed, seen };
}
