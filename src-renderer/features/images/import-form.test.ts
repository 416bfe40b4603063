import { checksum } from '@limen/contract';
import { describe, expect, test } from 'vitest';
import { checksumOf, isHttpUrl, nameFromUrl } from './import-form.ts';

describe('an address', () => {
  test.each([
    'https://images.example/a.qcow2',
    ' http://10.0.0.5:8080/iso?x=1 ',
    'https://[2001:db8::1]/a.iso',
  ])('is one: %s', (text) => {
    expect(isHttpUrl(text)).toBe(true);
  });

  test.each([
    '',
    'images.example/a.qcow2',
    'ftp://images.example/a.iso',
    'https://me:secret@images.example/',
    'https://',
  ])('is none: %s', (text) => {
    expect(isHttpUrl(text)).toBe(false);
  });
});

test.each([
  ['https://images.example/12/debian-12.qcow2?token=1', 'debian-12'],
  ['https://images.example/Disk%20image.img.xz', 'Disk image'],
  ['https://images.example/100%.iso', '100%'],
  ['https://images.example/latest/', ''],
  ['not yet an address', ''],
])('a name is taken from %s', (url, name) => {
  expect(nameFromUrl(url)).toBe(name);
});

describe('a checksum', () => {
  test.each([
    ['a'.repeat(64), 'sha256'],
    [` ${'B'.repeat(128)} `, 'sha512'],
  ])('tells its algorithm by its length', (text, algorithm) => {
    expect(checksum.safeParse(checksumOf('digest', text))).toMatchObject({
      success: true,
      data: { algorithm },
    });
  });

  test.each(['', 'a'.repeat(63), 'a'.repeat(96), 'z'.repeat(64)])('is none: %s', (text) => {
    expect(checksum.safeParse(checksumOf('digest', text)).success).toBe(false);
  });
});
