import { z } from 'zod';

/** SHA-256 over the DER certificate, upper-case hex pairs with colons, as `openssl x509 -fingerprint` prints it. */
export const certificateFingerprint = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);

/** `host`, `host:port`, `[v6]:port`; the port defaults to {@link DEFAULT_PORT}. */
export const DEFAULT_PORT = 8443;

export interface HostAddress {
  readonly host: string;
  readonly port: number;
}

/** Parse what a person types as an address. Returns null when it is none. */
export function parseAddress(text: string): HostAddress | null {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/@[\]]+))(?::(\d{1,5}))?$/.exec(text.trim());
  if (!match) return null;
  const host = match[1] ?? match[2];
  const port = match[3] === undefined ? DEFAULT_PORT : Number(match[3]);
  if (host === undefined || port < 1 || port > 65_535) return null;
  return { host, port };
}

export function formatAddress(address: HostAddress): string {
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

/** What a `limen://pair` link carries: where the host is, which certificate to trust, a one-time sign-in code. */
export const pairing = z.object({
  address: z.string().refine((text) => parseAddress(text) !== null, 'not host:port'),
  fingerprint: certificateFingerprint,
  code: z.string().min(16).max(128),
});
export type Pairing = z.infer<typeof pairing>;

const PREFIX = 'limen://pair?';

export function formatPairingLink(value: Pairing): string {
  const pairs = Object.entries(value).map(([key, text]) => `${key}=${encodeURIComponent(text)}`);
  return PREFIX + pairs.join('&');
}

/** Returns null for anything that is not a complete, well-formed pairing link. */
export function parsePairingLink(text: string): Pairing | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith(PREFIX)) return null;
  const fields: Record<string, string> = {};
  for (const part of trimmed.slice(PREFIX.length).split('&')) {
    const [key, value] = part.split('=', 2);
    try {
      if (key !== undefined && value !== undefined) fields[key] = decodeURIComponent(value);
    } catch {
      return null;
    }
  }
  const parsed = pairing.safeParse(fields);
  return parsed.success ? parsed.data : null;
}
