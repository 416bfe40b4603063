export const PAIRING_PREFIX = 'limen://pair';

/** The pairing link among command-line arguments: how Linux and Windows hand over a clicked `limen:` link. */
export function pairingLinkIn(args: readonly string[]): string | null {
  return args.find((argument) => argument.startsWith(PAIRING_PREFIX)) ?? null;
}
