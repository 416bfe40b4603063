/** Why a text is no XML, in the parser's words; null when it is. */
export function xmlProblem(text: string): string | null {
  const parsed = new DOMParser().parseFromString(text, 'application/xml');
  const report = parsed.querySelector('parsererror');
  if (!report) return parsed.documentElement.localName === 'domain' ? null : 'domain';
  // Chromium: a heading, then one line with place and reason, then a heading again.
  const lines = (report.textContent ?? '').split('\n').map((line) => line.trim());
  const words = lines.find((line) => /^(error|.*\berror on line\b)/i.test(line)) ?? lines[0] ?? '';
  return words
    .replace(/^This page contains the following errors:\s*/, '')
    .replace(/Below is a rendering.*$/, '');
}
