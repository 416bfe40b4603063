/** Everything outside XML 1.0's `Char` production, which no escaping makes legal: controls and lone surrogates. */
// oxlint-disable-next-line no-control-regex -- control characters are what it is about
const NOT_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u;

/** @throws {RangeError} when the text holds a character that XML cannot carry. */
export function assertXmlText(text: string): void {
  const found = NOT_XML.exec(text)?.[0];
  if (found === undefined) return;
  const code = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  throw new RangeError(`XML cannot carry the character U+${code}`);
}
