/**
 * SVG path of a series, newest at the right edge. Gaps break the line; a value alone between gaps is a dot-like
 * stroke. `maximum` is the value at the top.
 */
export function sparklinePath(
  values: readonly (number | null)[],
  size: { readonly width: number; readonly height: number },
  maximum: number,
): string {
  if (values.length === 0 || maximum <= 0) return '';
  const step = values.length > 1 ? size.width / (values.length - 1) : 0;
  let path = '';
  let drawing = false;
  for (const [index, value] of values.entries()) {
    if (value === null) {
      drawing = false;
      continue;
    }
    const x = (index * step).toFixed(1);
    const y = (size.height - Math.min(1, Math.max(0, value / maximum)) * size.height).toFixed(1);
    path += drawing ? `L${x} ${y}` : `M${x} ${y}h0`;
    drawing = true;
  }
  return path;
}
