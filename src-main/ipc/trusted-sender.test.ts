import { expect, test } from 'vitest';
import { isOwnUrl, isTrustedSender } from './trusted-sender.ts';

const own = new Set([1]);
const ours = { windowId: 1, isMainFrame: true, url: 'limen-app://app/index.html#/console/a/b' };

test('hears the top frame of our page in one of our windows', () => {
  expect(isTrustedSender(ours, own)).toBe(true);
});

test.each([
  ['another window', { ...ours, windowId: 2 }],
  ['a frame inside our page', { ...ours, isMainFrame: false }],
  ['a frame that is gone', { ...ours, url: null }],
  ['another origin', { ...ours, url: 'https://app/index.html' }],
])('does not hear %s', (_who, sender) => {
  expect(isTrustedSender(sender, own)).toBe(false);
});

test.each([
  'limen-app://other/index.html',
  'limen-app://app.example.org/',
  'file:///index.html',
  'about:blank',
  '',
  'limen-app:app',
])('%s is not our page', (url) => {
  expect(isOwnUrl(url)).toBe(false);
});
