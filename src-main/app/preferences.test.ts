import { settings, settingsPatch } from '@limen/contract';
import type { Settings } from '@limen/contract';
import { expect, test, vi } from 'vitest';
import { Preferences } from './preferences.ts';

test('changing one setting leaves the others as they were', async () => {
  let stored: Settings = { ...settings.parse({}), colorScheme: 'dark' };
  const changed = vi.fn(async () => {});
  const preferences = new Preferences(
    {
      read: () => stored,
      write: (value) => {
        stored = value;
      },
    },
    changed,
  );
  await preferences.change(settingsPatch.parse({ language: 'ko' }));
  expect(stored).toMatchObject({ language: 'ko', colorScheme: 'dark' });
  expect(changed).toHaveBeenCalledWith(stored);
});
