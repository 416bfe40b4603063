import type { Machine } from '@limen/contract';
import { Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { copyText } from '../../api/clipboard.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { type Fact, FactList } from '../../components/FactList.tsx';
import { Panel } from '../../components/Panel.tsx';
import { PlainTable } from '../../components/PlainTable.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { formatBytes, osName } from '../../lib/format.ts';
import { useText } from '../../locales/i18n.ts';

/** What libvirt says of a machine, and who owns it. */
export function MachineFacts({ machine }: { readonly machine: Machine }) {
  const { t } = useText();
  const facts = useFacts(machine);
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
      <Panel title={t('machine:facts')}>
        <FactList facts={facts} />
      </Panel>
      <Stack gap="md">
        <Panel title={t('machine:disks')}>
          <Disks machine={machine} />
        </Panel>
        <Panel title={t('machine:interfaces')}>
          <Interfaces machine={machine} />
        </Panel>
      </Stack>
    </SimpleGrid>
  );
}

function useFacts(machine: Machine): readonly Fact[] {
  const { t, language } = useText();
  const none = t('common:gap');
  const yesNo = (value: boolean) => (value ? t('common:yes') : t('common:no'));
  const { vcpus, memory } = machine;
  const vcpusText = t('machine:fact.vcpusValue', vcpus);
  const currentMemory = formatBytes(memory.currentBytes, language);
  const maximumMemory = formatBytes(memory.maximumBytes, language);
  return [
    { label: t('machine:fact.os'), value: osName(machine.osId) ?? t('common:unknown') },
    { label: t('machine:fact.vcpus'), value: vcpus.current === vcpus.maximum ? vcpus.current : vcpusText },
    {
      label: t('machine:fact.memory'),
      value:
        memory.currentBytes === memory.maximumBytes
          ? currentMemory
          : t('machine:fact.memoryValue', { current: currentMemory, maximum: maximumMemory }),
    },
    { label: t('machine:fact.firmware'), value: machine.firmware.toUpperCase() },
    { label: t('machine:fact.machineType'), value: machine.machineType },
    { label: t('machine:fact.architecture'), value: machine.architecture },
    { label: t('machine:fact.accelerator'), value: t(`machine:accelerator.${machine.accelerator}`) },
    { label: t('machine:fact.owner'), value: machine.owner?.username ?? t('common:none') },
    {
      label: t('machine:fact.uptime'),
      value: machine.startedAt === null ? none : <RelativeTime at={machine.startedAt} />,
    },
    { label: t('machine:fact.reason'), value: machine.stateReason ?? none },
    { label: t('machine:fact.autostart'), value: yesNo(machine.autostart) },
    { label: t('machine:fact.persistent'), value: yesNo(machine.persistent) },
    {
      label: t('machine:fact.id'),
      value: (
        <Group gap={4} wrap="nowrap">
          <span>{machine.id}</span>
          <CopyButton text={machine.id} copy={copyText} />
        </Group>
      ),
    },
  ];
}

function Disks({ machine }: { readonly machine: Machine }) {
  const { t } = useText();
  if (machine.disks.length === 0) return <Text size="sm">{t('machine:disk.none')}</Text>;
  return (
    <PlainTable
      label={t('machine:disks')}
      head={[
        t('machine:disk.target'),
        t('machine:disk.kind'),
        t('machine:disk.bus'),
        t('machine:disk.source'),
      ]}
      rows={machine.disks.map(({ target, device, bus, source }) => ({
        key: target,
        cells: [target, t(`machine:device.${device}`), bus, source ?? t('machine:disk.empty')],
      }))}
    />
  );
}

function Interfaces({ machine }: { readonly machine: Machine }) {
  const { t } = useText();
  if (machine.interfaces.length === 0) return <Text size="sm">{t('machine:interface.none')}</Text>;
  const gap = t('common:gap');
  return (
    <PlainTable
      label={t('machine:interfaces')}
      head={[
        t('machine:interface.mac'),
        t('machine:interface.model'),
        t('machine:interface.type'),
        t('machine:interface.source'),
      ]}
      rows={machine.interfaces.map(({ mac, model, type, source }) => ({
        key: mac,
        cells: [mac, model ?? gap, type, source ?? gap],
      }))}
    />
  );
}
