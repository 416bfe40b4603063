import { describe, expect, test } from 'vitest';
import { findDigest } from './sums-file.ts';

const a = 'a'.repeat(64);
const b = 'b'.repeat(64);
const long = 'c'.repeat(128);
const url = 'https://mirror.example/release/12/disk%20image.qcow2?token=1';
const name = 'disk image.qcow2';

describe('a line of a sums file', () => {
  test.each([
    ['coreutils', `${a}  ${name}`],
    ['coreutils, binary', `${a} *${name}`],
    ['coreutils, below where the list lies', `${a}  ./${name}`],
    ['upper case and Windows line ends', `${a.toUpperCase()}  ${name}\r`],
    ['BSD', `SHA256 (${name}) = ${a}`],
    ['OpenSSL', `SHA2-256(${name})= ${a}`],
    ['a name that is not needed', a],
  ])('%s', (_format, line) => {
    expect(findDigest(`${line}\n`, url)).toEqual({ algorithm: 'sha256', value: a });
  });

  test('SHA-512, by its length', () => {
    expect(findDigest(`${long}  ${name}`, url)).toEqual({ algorithm: 'sha512', value: long });
    expect(findDigest(`SHA512 (${name}) = ${long}`, url)).toEqual({ algorithm: 'sha512', value: long });
  });

  test('escaped names', () => {
    const escaped = 'https://mirror.example/back%5Cslash.iso';
    expect(findDigest(`\\${a}  back\\\\slash.iso`, escaped)).toMatchObject({ value: a });
  });

  test.each([
    ['another file', `${a}  other.qcow2`],
    ['a file whose name only ends like it', `${a}  small ${name}`],
    ['MD5', `${'a'.repeat(32)}  ${name}`],
    ['SHA-1', `SHA1 (${name}) = ${'a'.repeat(40)}`],
    ['SHA-384, which is neither', `${'a'.repeat(96)}  ${name}`],
    ['a digest of the wrong length', `SHA512 (${name}) = ${a}`],
    ['a page', '<html><body>Not found</body></html>'],
    ['nothing', ''],
  ])('is not taken: %s', (_what, line) => {
    expect(findDigest(line, url)).toBeNull();
  });
});

describe('a whole list', () => {
  test('signed, with other files and comments', () => {
    const text = `-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA256

# ${name}: 1024 bytes
SHA256 (other.iso) = ${b}
SHA256 (${name}) = ${a}
-----BEGIN PGP SIGNATURE-----

iQIzBAEBCAAdFiEE
-----END PGP SIGNATURE-----
`;
    expect(findDigest(text, url)).toEqual({ algorithm: 'sha256', value: a });
  });

  test('with both algorithms gives the stronger', () => {
    expect(findDigest(`${a}  ${name}\n${long}  ${name}`, url)).toMatchObject({ algorithm: 'sha512' });
  });

  test('with the same name in several folders goes by the folder', () => {
    expect(findDigest(`${b}  11/${name}\n${a}  12/${name}`, url)).toMatchObject({ value: a });
  });

  test('with two digests for one file is no help', () => {
    expect(findDigest(`${a}  ${name}\n${b}  ${name}`, url)).toBeNull();
  });

  test('with one digest and no name is for one file only', () => {
    expect(findDigest(`${a}\n${b}`, url)).toBeNull();
  });
});
