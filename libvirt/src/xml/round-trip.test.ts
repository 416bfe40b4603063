import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { XmlDocument } from './xml-document.ts';

const XML_CHARACTERS = fc
  .oneof(
    fc.constantFrom(
      '<',
      '>',
      '&',
      '"',
      "'",
      '\n',
      '\t',
      '\r',
      ' ',
      ']]>',
      '\u0085',
      '\u2028',
      'é',
      '😀',
      ';',
      '#',
    ),
    fc.string({ maxLength: 4 }),
  )
  // oxlint-disable-next-line no-control-regex -- what XML cannot carry
  .map((text) => text.replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu, ''));
const value = fc.array(XML_CHARACTERS, { maxLength: 6 }).map((parts) => parts.join(''));
const name = fc.constantFrom(
  'name',
  'disk',
  'source',
  'target',
  'on_crash',
  'x-y',
  'a.b',
  '_',
  '__proto__',
  'é',
);

/** As different writers escape: all references, or only what must be. */
const escaped = fc.tuple(value, fc.boolean()).map(([text, all]) =>
  text.replaceAll(all ? /[<>&"'\n\t\r]/g : /[<&"'\r\n\t>]/g, (character) => {
    const named = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' }[character];
    return all || named === undefined ? `&#${character.charCodeAt(0)};` : named;
  }),
);
const attributes = fc
  .uniqueArray(fc.tuple(name, escaped, fc.constantFrom('"', "'")), { selector: ([key]) => key, maxLength: 4 })
  .map((list) => list.map(([key, text, quote]) => ` ${key}=${quote}${text}${quote}`).join(''));
const comment = fc.stringMatching(/^[a-z<>& \n]{0,9}$/).map((text) => `<!--${text}-->`);
/** Never empty: an empty section says nothing and is not kept. */
const cdata = value.map((text) => `<![CDATA[x${text.replaceAll(']]>', '').replaceAll('\r', '')}]]>`);
const instruction = fc.stringMatching(/^[a-z =<&]{0,9}$/).map((text) => `<?app ${text}?>`);

const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
  element: fc
    .tuple(name, attributes, fc.array(tie('content'), { maxLength: 5 }), fc.nat(3))
    .map(([tag, attrs, content, kind]) => {
      if (content.length === 0 && kind < 2) return `<${tag}${attrs}/>`;
      if (kind === 2)
        return `<q:${tag} xmlns:q="urn:q&amp;${content.length}"${attrs} q:z='1'>${content.join('')}</q:${tag}>`;
      if (kind === 3) return `<${tag} xmlns='urn:default'${attrs}>${content.join('\n  ')}</${tag} >`;
      return `<${tag}${attrs}>${content.join('')}</${tag}>`;
    }),
  content: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    escaped,
    comment,
    cdata,
    instruction,
    tie('element'),
  ),
}));
const documents = fc
  .tuple(
    fc.constantFrom('', "<?xml version='1.0' encoding='UTF-8'?>\n", '<!-- virsh edit -->\n'),
    element,
    fc.constantFrom('', '\n'),
  )
  .map((parts) => parts.join(''));

/** Everything a document says, in order, without our own way of writing it. */
function meaning(text: string): unknown {
  return describe(XmlDocument.parse(text).root);
}

function describe(root: XmlDocument['root']): unknown {
  return [root.qualifiedName, root.namespace, root.attributes(), root.text, root.elements().map(describe)];
}

test('what is parsed and written says the same, and is written the same again', () => {
  fc.assert(
    fc.property(documents, (text) => {
      const written = XmlDocument.parse(text).toString();
      expect(meaning(written)).toEqual(meaning(text));
      expect(XmlDocument.parse(written).toString()).toBe(written);
      for (const kind of [/<!--[^]*?-->/g, /<!\[CDATA\[[^]*?\]\]>/g, /<\?app [^]*?\?>/g]) {
        expect(written.match(kind)?.length).toBe(text.match(kind)?.length);
      }
    }),
    { numRuns: 1500 },
  );
});

test('any text comes back from an attribute and an element as it was given', () => {
  fc.assert(
    fc.property(value, value, (attribute, text) => {
      const document = XmlDocument.create({ name: 'a', attributes: { b: attribute }, content: text });
      const { root } = XmlDocument.parse(document.toString());
      expect(root.attribute('b')).toBe(attribute);
      expect(root.text).toBe(text);
      expect(root.elements()).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('a text of any kind is parsed or refused by an XmlSyntaxError', () => {
  const fragments = fc.constantFrom(
    '<',
    '>',
    '/',
    '<a',
    '</a>',
    '<a>',
    '="',
    "'",
    '&',
    '&#0;',
    ';',
    '<!--',
    '-->',
    '<![CDATA[',
    '<?',
    '?>',
    '<!DOCTYPE a [',
    ' x',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(fragments, fc.string()), { maxLength: 12 }), (parts) => {
      try {
        XmlDocument.parse(parts.join(''));
      } catch (error) {
        expect(error).toHaveProperty('name', 'XmlSyntaxError');
      }
    }),
    { numRuns: 1500 },
  );
});
