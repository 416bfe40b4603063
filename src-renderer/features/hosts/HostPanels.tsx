import type { HostInfo, HostLink } from '@limen/contract';
import { Group, Stack, Text } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { Percent } from '../../components/Figures.tsx';
import { FactList } from '../../components/FactList.tsx';
import { LinkBadge } from '../../components/LinkBadge.tsx';
import { Meter } from '../../components/Meter.tsx';
import { Panel } from '../../components/Panel.tsx';
import { PlainTable } from '../../components/PlainTable.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { Sparkline } from '../../components/Sparkline.tsx';
import { formatBytes } from '../../lib/format.ts';
import { type Translate, useText } from '../../locales/i18n.ts';
import { useHypervisor } from '../../stores/inventory.ts';
import { metricsOf, useMetricsTick } from '../../stores/metrics.ts';

/** Link, hypervisor and database: which of them are well, and since when. */
export function HealthPanel({
  link,
  info,
}: {
  readonly link: HostLink;
  readonly info: HostInfo | undefined;
}) {
  const { t } = useText();
  const hypervisor = useHypervisor(link.id);
  const live = link.state === 'live';
  const facts = [
    {
      label: t('hosts:link'),
      value: (
        <Group gap="xs">
          <LinkBadge state={link.state} />
          <Text size="sm" c="var(--limen-quiet)" span>
            <RelativeTime at={link.since} />
          </Text>
        </Group>
      ),
    },
  ];
  // A host that is away may have lost both since.
  if (hypervisor && live) {
    facts.push({
      label: t('hosts:hypervisor'),
      value: (
        <Group gap="xs">
          <Verdict
            ok={hypervisor.state === 'connected'}
            text={t(`hosts:hypervisorState.${hypervisor.state}`)}
          />
          <Text size="sm" c="var(--limen-quiet)" span>
            <RelativeTime at={hypervisor.since} />
          </Text>
        </Group>
      ),
    });
  }
  if (info && live) {
    const kind = `${t(`hosts:databaseKind.${info.database.kind}`)} ${info.database.version ?? ''}`.trim();
    const text = info.database.connected
      ? t('hosts:databaseUp', { kind })
      : t('hosts:databaseDown', { kind });
    facts.push({
      label: t('hosts:database'),
      value: (
        <Group>
          <Verdict ok={info.database.connected} text={text} />
        </Group>
      ),
    });
  }
  return (
    <Panel title={t('hosts:health')}>
      <FactList facts={facts} />
    </Panel>
  );
}

function Verdict({ ok, text }: { readonly ok: boolean; readonly text: string }) {
  const Icon = ok ? IconCheck : IconX;
  return (
    <Group
      gap={6}
      wrap="nowrap"
      c={ok ? 'var(--limen-running)' : 'var(--limen-error)'}
      component="span"
      fw={500}
    >
      <Icon size={14} aria-hidden />
      {text}
    </Group>
  );
}

export function LoadPanel({ link }: { readonly link: HostLink }) {
  const { t, language } = useText();
  useMetricsTick(link.id);
  const metrics = metricsOf(link.id);
  const host = link.state === 'live' ? metrics?.host : undefined;
  if (!metrics || !host) {
    return (
      <Panel title={t('hosts:meters')}>
        <Text size="sm" c="var(--limen-quiet)">
          {t('hosts:noMeters')}
        </Text>
      </Panel>
    );
  }
  const used = formatBytes(host.memoryUsedBytes, language);
  const memory = t('common:ofTotal', { used, total: formatBytes(host.memoryTotalBytes, language) });
  return (
    <Panel title={t('hosts:meters')} aside={t('machine:chart.window')}>
      <Stack gap="sm">
        <Group wrap="nowrap">
          <Text size="sm" flex={1}>
            {t('hosts:cpu')}
          </Text>
          <Sparkline values={metrics.hostCpuSeries()} maximum={100} width={160} height={22} />
          <Text size="sm" fw={600} miw={48} ta="right">
            <Percent value={host.cpuPercent} />
          </Text>
        </Group>
        <Meter label={t('hosts:cpu')} percent={host.cpuPercent} size={6} />
        <Group justify="space-between">
          <Text size="sm">{t('hosts:memory')}</Text>
          <Text size="sm" fw={600}>
            {memory}
          </Text>
        </Group>
        <Meter label={memory} percent={(host.memoryUsedBytes / host.memoryTotalBytes) * 100} size={6} />
      </Stack>
    </Panel>
  );
}

export function HardwarePanel({ link, info }: { readonly link: HostLink; readonly info: HostInfo }) {
  const { t, language } = useText();
  const unknown = t('common:unknown');
  const { cpu } = info;
  const topology = cpu && {
    sockets: cpu.sockets,
    cores: cpu.coresPerSocket,
    threads: cpu.threadsPerCore,
    cpus: cpu.logicalCpus,
  };
  return (
    <Panel title={t('hosts:hardware')}>
      <FactList
        facts={[
          { label: t('hosts:fact.hostname'), value: info.hostname ?? unknown },
          { label: t('hosts:fact.address'), value: link.address },
          { label: t('hosts:fact.cpu'), value: cpu ? `${cpu.model} (${cpu.architecture})` : unknown },
          {
            label: t('hosts:fact.topology'),
            value: topology ? t('hosts:fact.topologyValue', topology) : unknown,
          },
          {
            label: t('hosts:fact.memory'),
            value: info.memoryBytes === null ? unknown : formatBytes(info.memoryBytes, language),
          },
          { label: t('hosts:fact.libvirt'), value: info.libvirtVersion ?? unknown },
          { label: t('hosts:fact.qemu'), value: info.qemuVersion ?? unknown },
          { label: t('hosts:fact.uri'), value: info.uri },
          { label: t('hosts:fact.service'), value: info.serviceVersion },
          { label: t('hosts:fact.started'), value: <RelativeTime at={info.startedAt} /> },
        ]}
      />
    </Panel>
  );
}

/** Which accelerator new machines get, and the checks that decided it. */
export function AccelerationPanel({ info }: { readonly info: HostInfo }) {
  const { t } = useText();
  const { acceleration } = info;
  return (
    <Panel title={t('hosts:acceleration')}>
      <Text size="sm" mb="sm">
        {t(`hosts:accelerationChosen.${acceleration.chosen}`)}{' '}
        {acceleration.overridden && t('hosts:accelerationOverridden')}
      </Text>
      <PlainTable
        label={t('hosts:acceleration')}
        head={[t('hosts:check.name'), t('hosts:check.result'), t('hosts:check.detail')]}
        rows={acceleration.checks.map(({ name, passed, detail }) => {
          const text = passed ? t('hosts:check.passed') : t('hosts:check.failed');
          return {
            key: name,
            cells: [checkName(name, t), <Verdict key="verdict" ok={passed} text={text} />, detail],
          };
        })}
      />
    </Panel>
  );
}

const knownChecks = {
  'cpu-virtualization': 'hosts:check.known.cpu',
  'kvm-device': 'hosts:check.known.device',
  'libvirt-kvm': 'hosts:check.known.libvirt',
} as const;

/** In words where we know the check; a newer host's own id otherwise. */
function checkName(id: string, t: Translate): string {
  const key = Object.entries(knownChecks).find(([known]) => known === id)?.[1];
  return key === undefined ? id : t(key);
}
