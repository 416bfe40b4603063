import { expect, type Locator, type Page } from '@playwright/test';

/** A console, in its own window or embedded in a machine's page. */
export class ConsoleView {
  readonly page: Page;
  readonly screen: Locator;

  constructor(page: Page) {
    this.page = page;
    this.screen = page.locator('canvas').first();
  }

  /** Wait until the guest's picture is there: some pixel is not the colour of the first. */
  async painted(): Promise<void> {
    // Polled from here: the page's content security policy forbids the eval that waitForFunction needs.
    await expect.poll(() => this.#hasPicture(), { timeout: 30_000 }).toBe(true);
  }

  #hasPicture(): Promise<boolean> {
    return this.page.evaluate(() => {
      const canvas = document.querySelector('canvas');
      const context = canvas?.getContext('2d');
      if (!canvas || !context || canvas.width < 300) return false;
      const pixels = new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
      return pixels.some((pixel) => pixel !== pixels[0]);
    });
  }

  /** A fingerprint of what the canvas shows; equal pictures give equal values. */
  picture(): Promise<number> {
    return this.page.evaluate(() => {
      const canvas = document.querySelector('canvas');
      const context = canvas?.getContext('2d');
      if (!canvas || !context) return 0;
      let hash = 0;
      for (const pixel of new Uint32Array(
        context.getImageData(0, 0, canvas.width, canvas.height).data.buffer,
      )) {
        hash = (Math.imul(hash, 31) + pixel) | 0;
      }
      return hash;
    });
  }

  /** Type as a person would. The guest gets positions on a keyboard, not characters: `$` is Shift and the key of 4. */
  async type(text: string): Promise<void> {
    const { keyboard } = this.page;
    await this.screen.click();
    for (const character of text) {
      const shifted = /[A-Z~!@#$%^&*()_+{}|:"<>?]/.test(character);
      if (shifted) await keyboard.down('Shift');
      await keyboard.press(character === '\n' ? 'Enter' : character, { delay: 20 });
      if (shifted) await keyboard.up('Shift');
    }
  }
}
