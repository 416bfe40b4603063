import type { NetworkProblem, NetworkSettings } from '@limen/contract';
import type { Translate } from '../../locales/i18n.ts';

/** What is wrong with a field, in the person's language. */
export function problemText({ reason, detail = '' }: NetworkProblem, t: Translate): string {
  return t(`networks:problem.${reason}`, { detail });
}

export function kindText({ kind, forwardMode, device }: NetworkSettings, t: Translate): string {
  if (kind === 'other') return t('networks:otherKind', { mode: forwardMode ?? '' });
  const name = t(`networks:kind.${kind}`);
  return device === null ? name : t('networks:kindBy', { kind: name, device });
}

/** Subnets, each with the host's address: `192.168.100.1/24`. */
export function subnetsOf({ addresses }: NetworkSettings): string[] {
  return addresses.map(({ address }) => address);
}

export function rangesOf({ addresses }: NetworkSettings): string[] {
  return addresses.flatMap(({ ranges }) => ranges.map(({ start, end }) => `${start} – ${end}`));
}

export function domainText({ domain }: NetworkSettings, t: Translate): string | null {
  if (domain === null) return null;
  return domain.localOnly ? t('networks:localDomain', { name: domain.name }) : domain.name;
}
