import type { MachineNetwork } from '@limen/contract';

/** A network of the host as one text, which is what a list box holds; `user` and `none` stand for themselves. */
export function networkKey({
  type,
  name,
}: {
  readonly type: 'network' | 'bridge';
  readonly name: string;
}): string {
  return `${type}:${name}`;
}

export function parseNetworkKey(key: string): MachineNetwork {
  const colon = key.indexOf(':');
  const type = colon < 0 ? key : key.slice(0, colon);
  const name = key.slice(colon + 1);
  switch (type) {
    case 'network':
    case 'bridge':
      return { type, name };
    case 'user':
      return { type };
    default:
      return { type: 'none' };
  }
}
