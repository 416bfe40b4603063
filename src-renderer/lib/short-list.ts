/** Names in one line, however many there are: `web-1, web-2 … web-20`. */
export function shortList(names: readonly string[]): string {
  if (names.length <= 3) return names.join(', ');
  return `${names.slice(0, 2).join(', ')} … ${names.at(-1) ?? ''}`;
}
