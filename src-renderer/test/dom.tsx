import type { BridgeCallName, BridgeResult, LimenBridge } from '@limen/contract';
import { MantineProvider } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { render, type RenderResult } from '@testing-library/react';
import type { ReactElement } from 'react';
import { startI18n } from '../locales/i18n.ts';
import { theme } from '../theme/theme.ts';

/** What Mantine and the virtualiser ask of a browser and jsdom does not have. */
function fillGaps(): void {
  window.matchMedia = (query) =>
    ({
      matches: false,
      media: query,
      addEventListener: () => {},
      removeEventListener: () => {},
    }) as unknown as MediaQueryList;
  window.ResizeObserver = class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  // One size for everything: enough for the virtualiser to show a dozen rows.
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, value: 480 });
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, value: 1200 });
}

/** Render in English, with the theme and without transitions. */
export async function show(ui: ReactElement): Promise<RenderResult> {
  fillGaps();
  await startI18n('en');
  return render(
    <MantineProvider theme={theme} env="test">
      <ModalsProvider>{ui}</ModalsProvider>
    </MantineProvider>,
  );
}

/** Put a bridge on the window that answers calls by name; a call without an answer fails the test. */
export function answerCalls(
  answers: Partial<Record<BridgeCallName, (input: unknown) => BridgeResult<unknown>>>,
): void {
  const bridge = {
    invoke: (name: BridgeCallName, input: unknown) => {
      const answer = answers[name];
      return answer ? Promise.resolve(answer(input)) : Promise.reject(new Error(`unexpected call ${name}`));
    },
    openPort: () => {},
  } as unknown as LimenBridge;
  Object.defineProperty(window, 'limen', { configurable: true, value: bridge });
}
