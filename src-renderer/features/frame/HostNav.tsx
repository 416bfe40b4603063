import type { HostLink } from '@limen/contract';
import { NavLink, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { LinkBadge } from '../../components/LinkBadge.tsx';
import { Meter } from '../../components/Meter.tsx';
import { formatPercent } from '../../lib/format.ts';
import { formatRoute } from '../../lib/route.ts';
import { useRoute } from '../../lib/use-route.ts';
import { useText } from '../../locales/i18n.ts';
import { useAllLinks } from '../../stores/links.ts';
import { metricsOf, useMetricsTick } from '../../stores/metrics.ts';
import { openAddHost } from '../../stores/overlays.ts';

/** The hosts: how each link stands, and how loaded each host is. */
export function HostNav() {
  const { t } = useText();
  const links = useAllLinks();
  const route = useRoute();
  return (
    <>
      <Text size="xs" fw={600} c="var(--limen-quiet)" px="sm" pt="md" pb={4} id="nav-hosts">
        {t('frame:nav.hosts')}
      </Text>
      <div role="group" aria-labelledby="nav-hosts">
        {links.map((link) => (
          <HostItem key={link.id} link={link} active={route.page === 'host' && route.linkId === link.id} />
        ))}
        <NavLink
          component="button"
          leftSection={<IconPlus size={16} aria-hidden />}
          label={t('frame:nav.addHost')}
          onClick={openAddHost}
        />
      </div>
    </>
  );
}

function HostItem({ link, active }: { readonly link: HostLink; readonly active: boolean }) {
  return (
    <NavLink
      href={formatRoute({ page: 'host', linkId: link.id })}
      active={active}
      {...(active && { 'aria-current': 'page' as const })}
      leftSection={<LinkBadge state={link.state} iconOnly />}
      label={link.name}
      rightSection={link.state === 'live' ? <HostMeter link={link} /> : null}
    />
  );
}

function HostMeter({ link }: { readonly link: HostLink }) {
  const { t, language } = useText();
  useMetricsTick(link.id);
  const host = metricsOf(link.id)?.host;
  if (!host) return null;
  const memory = (host.memoryUsedBytes / host.memoryTotalBytes) * 100;
  const label = t('frame:nav.hostMeter', {
    cpu: host.cpuPercent === null ? t('common:gap') : formatPercent(host.cpuPercent, language),
    memory: formatPercent(memory, language),
  });
  return (
    <Stack gap={3} w={48} title={label}>
      <Meter label={label} percent={host.cpuPercent} size={4} />
      <Meter label={label} percent={memory} size={4} />
    </Stack>
  );
}
