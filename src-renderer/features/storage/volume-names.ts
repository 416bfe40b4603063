/** Kinds of pools whose volumes are files, of any format; devices are raw. */
export function holdsFiles(poolType: string): boolean {
  return ['dir', 'fs', 'netfs', 'gluster', 'vstorage'].includes(poolType);
}

/** `web.qcow2` → `web-copy.qcow2`. */
export function suggestCopyName(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? `${name}-copy` : `${name.slice(0, dot)}-copy${name.slice(dot)}`;
}

/** The name a new file gets: with the ending of its format, as other tools expect it, unless it has one. */
export function withEnding(name: string, format: 'qcow2' | 'raw', poolType: string): string {
  return name.includes('.') || !holdsFiles(poolType) ? name : `${name}.${format}`;
}
