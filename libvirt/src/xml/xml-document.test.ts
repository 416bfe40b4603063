import { expect, test } from 'vitest';
import { renderXml, XmlDocument, XmlSyntaxError } from './xml-document.ts';

const network = `<!-- edited by hand -->
<network connections='3'>
  <name>default</name>
  <forward mode='nat'>
    <nat><port start='1024' end='65535'/></nat>
  </forward>
  <vendor:extra xmlns:vendor="urn:vendor" vendor:a="1"><!-- keep --><vendor:name>x</vendor:name></vendor:extra>
  <ip address='10.0.0.1'/>
</network>
`;

/** Only the notation of quotes is ours. */
const written = (text: string) => text.replaceAll("'", '"');

function refusal(text: string): XmlSyntaxError {
  try {
    XmlDocument.parse(text);
  } catch (error) {
    if (error instanceof XmlSyntaxError) return error;
    throw error;
  }
  throw new Error(`accepted ${text.slice(0, 80)}`);
}

test('an unchanged document is written as it was', () => {
  expect(XmlDocument.parse(network).toString().trim()).toBe(written(network).trim());
});

test('only what is set changes', () => {
  const document = XmlDocument.parse(network);
  document.root.set('name', 'a<b>&"c"');
  expect(document.toString().trim()).toBe(
    written(network).trim().replace('<name>default', '<name>a&lt;b&gt;&amp;"c"'),
  );
});

test('a new element stands where libvirt would print it, indented as its siblings', () => {
  const document = XmlDocument.parse(network);
  document.root.set('bridge/@name', 'virbr0');
  document.root.set('uuid', 'u');
  const text = document.toString();
  expect(text).toContain('<name>default</name>\n  <uuid>u</uuid>\n  <forward');
  expect(text).toContain('</vendor:extra>\n  <bridge name="virbr0"/>\n  <ip ');
  document.root.set('bridge', null);
  document.root.set('uuid', null);
  expect(document.toString().trim()).toBe(written(network).trim());
});

test('an element takes its line with it, and an emptied one closes', () => {
  const document = XmlDocument.parse('<a>\n  <b>\n    <c/>\n  </b>\n</a>');
  document.root.child('b')?.child('c')?.remove();
  expect(document.toString()).toBe('<a>\n  <b/>\n</a>');
  document.root.child('b')?.add({ name: 'd' });
  expect(document.toString()).toBe('<a>\n  <b>\n    <d/>\n  </b>\n</a>');
});

test('elements of a namespace do not pass for libvirt’s own', () => {
  const { root } = XmlDocument.parse('<a><x:name xmlns:x="urn:x">no</x:name><name>yes</name></a>');
  expect(root.get('name')).toBe('yes');
  expect(root.child('name', 'urn:x')?.text).toBe('no');
});

test('the replacement character is a character like any other', () => {
  expect(XmlDocument.parse('<a b="\uFFFD">\uFFFD</a>').toString()).toBe('<a b="\uFFFD">\uFFFD</a>');
});

test('a path ends at an attribute, a text or nothing', () => {
  const { root } = XmlDocument.parse('<a><b c="1"> t </b></a>');
  expect(root.get('b/@c')).toBe('1');
  expect(root.get('b')).toBe('t');
  expect(root.get('b/x/@c')).toBeNull();
  root.set('x/y/@z', null);
  expect(root.has('x')).toBe(false);
});

test.each([
  ['<a>\n  <b></a>', 2, 'mismatch'],
  ['<a>\n\n<b c=d/></a>', 3, 'missed quot'],
  ['<a>\n&nbsp;</a>', 1, 'entity not found'],
  ['<a>&amp</a>', 1, 'expecting ;'],
])('says where %j is wrong', (text, line, reason) => {
  const error = refusal(text);
  expect(error.message).toContain(reason);
  expect(error.message).toContain(`(line ${line}, column `);
  expect(error.line).toBe(line);
  expect(error.column).toBeGreaterThan(0);
});

test.each(['', '  ', 'text', '<a/>text', '<a/><b/>', '<q:a/>', '<a b="1" b="2"/>', '<a b="<"/>'])(
  'refuses %j',
  (text) => {
    expect(refusal(text)).toBeInstanceOf(SyntaxError);
  },
);

test.each([
  '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
  '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a/>',
  '<!-- --><!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><a/>',
])('refuses the document type of %j', (text) => {
  expect(refusal(text).message).toContain('document type');
});

test.each(['<a>&#0;</a>', '<a b="&#x1;"/>', '<a>&#xD800;</a>', '<a>&#x110000;</a>', '<a>\u0000</a>'])(
  'refuses the character of %j',
  (text) => {
    expect(refusal(text).message).toContain('cannot carry');
  },
);

test('refuses what is too long or too deep', () => {
  expect(refusal(`<a>${' '.repeat(4 * 1024 ** 2)}</a>`).message).toContain('characters');
  expect(refusal('<a>'.repeat(400) + '</a>'.repeat(400)).message).toContain('deeper');
  const nested = '<a>'.repeat(200) + '</a>'.repeat(200);
  expect(XmlDocument.parse(nested).toString()).toContain('<a><a/></a>');
});

test('refuses another root than asked for', () => {
  expect(() => XmlDocument.parse('<domain/>', 'network')).toThrow('<domain>, not <network>');
  expect(() => XmlDocument.parse('<network xmlns="urn:x"/>', 'network')).toThrow(XmlSyntaxError);
});

test('a value can neither leave its place nor hold what XML cannot carry', () => {
  expect(renderXml({ name: 'a', attributes: { b: '"/><x y="\n' }, content: '</a><x/>' })).toBe(
    '<a b="&quot;/&gt;&lt;x y=&quot;&#10;">&lt;/a&gt;&lt;x/&gt;</a>',
  );
  const { root } = XmlDocument.parse('<a/>');
  expect(() => root.set('b', 'a\u0000')).toThrow(RangeError);
  expect(() => root.setAttribute('b', '\uD800')).toThrow(RangeError);
  expect(() => renderXml({ name: 'a b' })).toThrow();
});
