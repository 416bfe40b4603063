import { expect, test } from 'vitest';
import { assetOf } from './asset-path.ts';

const root = '/opt/limen/renderer';

test('names the file and its type', () => {
  expect(assetOf(root, 'limen-app://app/assets/index-1.js?v=1#x')).toEqual({
    file: '/opt/limen/renderer/assets/index-1.js',
    type: 'text/javascript; charset=utf-8',
  });
});

test.each([
  'limen-app://app/../main/index.js',
  'limen-app://app/%2e%2e/main/index.js',
  'limen-app://app/..%2fmain/index.js',
  'limen-app://app/..%5cmain%5cindex.js',
  'limen-app://app/%00.js',
  'limen-app://app/%zz.js',
  'limen-app://app/',
  'limen-app://app/index.cjs',
  'nonsense',
])('%s names nothing outside, and nothing pages have no use for', (url) => {
  const asset = assetOf(root, url);
  expect(asset === null || asset.file.startsWith(`${root}/`)).toBe(true);
  if (asset !== null) expect(asset.file).not.toContain('..');
});

test.each([
  'limen-app://app/..%2fmain/index.js',
  'limen-app://app/..%5cmain%5cindex.js',
  'limen-app://app/index.cjs',
])('%s is refused', (url) => {
  expect(assetOf(root, url)).toBeNull();
});
