import type { HostLink } from '@limen/contract';
import { Anchor, Group } from '@mantine/core';
import { formatClock } from '../../lib/format.ts';
import { formatRoute } from '../../lib/route.ts';
import { useNow } from '../../lib/use-now.ts';
import { type Translate, useText } from '../../locales/i18n.ts';
import { useHypervisor } from '../../stores/inventory.ts';
import { useAllLinks } from '../../stores/links.ts';
import classes from './frame.module.css';

/** How fresh what is on the screen is, host by host, in words. */
export function StatusLine() {
  const { t } = useText();
  const links = useAllLinks();
  return (
    <Group
      component="footer"
      className={classes['status']}
      gap="md"
      px="md"
      aria-label={t('frame:status.label')}
    >
      {links.length === 0 && t('frame:status.noHosts')}
      {links.map((link) => (
        <HostStatus key={link.id} link={link} />
      ))}
    </Group>
  );
}

function HostStatus({ link }: { readonly link: HostLink }) {
  const { t, language } = useText();
  const now = useNow(1_000);
  const hypervisor = useHypervisor(link.id);
  const clock = (iso: string) => formatClock(iso, language, now);
  const lostLibvirt = link.state === 'live' && hypervisor !== undefined && hypervisor.state !== 'connected';
  const text = lostLibvirt
    ? t('frame:status.noHypervisor', { host: link.name, time: clock(hypervisor.since) })
    : statusText(link, t, now, clock);
  return (
    <Anchor
      href={formatRoute({ page: 'host', linkId: link.id })}
      className={classes['statusItem']}
      data-ok={(link.state === 'live' && !lostLibvirt) || undefined}
      underline="hover"
    >
      {text}
    </Anchor>
  );
}

function statusText(link: HostLink, t: Translate, now: number, clock: (iso: string) => string): string {
  const host = link.name;
  switch (link.state) {
    case 'live':
      return t('frame:status.live', { host });
    case 'waiting': {
      const time = clock(link.syncedAt ?? link.since);
      const seconds = link.retryAt === null ? 0 : Math.ceil((Date.parse(link.retryAt) - now) / 1000);
      return seconds > 0
        ? t('frame:status.waiting', { host, time, seconds })
        : t('frame:status.waitingNow', { host, time });
    }
    case 'needs-sign-in':
      return t('frame:status.needsSignIn', { host });
    case 'incompatible':
      return t('frame:status.incompatible', { host });
    case 'untrusted':
      return t('frame:status.untrusted', { host });
    case 'idle':
    case 'resolving':
    case 'connecting':
    case 'authenticating':
    case 'syncing':
      return t('frame:status.connecting', { host });
  }
}
