import { expect, test } from 'vitest';
import { suggestCopyName, withEnding } from './volume-names.ts';

test('a copy keeps the ending', () => {
  expect(suggestCopyName('web.qcow2')).toBe('web-copy.qcow2');
  expect(suggestCopyName('lv0')).toBe('lv0-copy');
  expect(suggestCopyName('.hidden')).toBe('.hidden-copy');
});

test('files get the ending of their format, devices and who chose one do not', () => {
  expect(withEnding('web', 'qcow2', 'dir')).toBe('web.qcow2');
  expect(withEnding('web.img', 'raw', 'dir')).toBe('web.img');
  expect(withEnding('web', 'raw', 'logical')).toBe('web');
});
