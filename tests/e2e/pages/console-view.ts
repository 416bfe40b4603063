import type { Locator, Page } from '@playwright/test';

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
    await this.page.waitForFunction(() => {
      const canvas = document.querySelector('canvas');
      const context = canvas?.getContext('2d');
      if (!canvas || !context || canvas.width < 300) return false;
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      const pixels = new Uint32Array(data.buffer);
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

  /** Type as a person would: the guest gets key events. */
  async type(text: string): Promise<void> {
    await this.screen.click();
    await this.page.keyboard.type(text, { delay: 30 });
  }
}
