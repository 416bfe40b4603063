import type { HostLink, Machine } from '@limen/contract';
import { ActionIcon, Anchor, Button, Group, Menu, Text, Title } from '@mantine/core';
import { IconArrowLeft, IconDeviceDesktop, IconDots } from '@tabler/icons-react';
import { MachineActionItems } from '../../actions/MachineActionItems.tsx';
import { MachineLifecycleItems } from '../../actions/MachineLifecycleItems.tsx';
import { useOpenConsole } from '../../actions/use-open-console.ts';
import { usePowerAction } from '../../actions/use-power-action.ts';
import { StateBadge } from '../../components/StateBadge.tsx';
import { powerWord } from '../../components/power-word.ts';
import { actionIcons } from '../../components/state-icons.ts';
import { formatRoute } from '../../lib/route.ts';
import { navigate } from '../../lib/use-route.ts';
import { useText } from '../../locales/i18n.ts';
import { useIsHostLive } from '../../stores/freshness.ts';
import { type MachineRef, machineKey } from '../../stores/machine-key.ts';
import { hasScreen, mayOperate, offeredActions, usePendingAction } from '../../stores/power.ts';

export interface MachineHeaderProps {
  readonly target: MachineRef;
  readonly machine: Machine;
  readonly link: HostLink;
}

/** Name, state, where and whose; the one action that fits the state; everything else behind the dots. */
export function MachineHeader({ target, machine, link }: MachineHeaderProps) {
  const { t } = useText();
  const pending = usePendingAction(machineKey(target.linkId, target.machineId));
  const live = useIsHostLive(target.linkId);
  const run = usePowerAction();
  const openConsole = useOpenConsole();
  const offered = offeredActions(link, machine);
  const [primary] = offered;
  // Who may operate a machine may also manage it: neither role lacks one of the two.
  const mayManage = link.state === 'live' && mayOperate(link, machine);
  const PrimaryIcon = primary ? actionIcons[primary] : undefined;

  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      <Group gap="sm" wrap="nowrap" miw={0}>
        <ActionIcon aria-label={t('common:back')} onClick={() => navigate({ page: 'machines' })}>
          <IconArrowLeft size={18} />
        </ActionIcon>
        <div style={{ minWidth: 0 }}>
          <Title order={1} size="h3" lineClamp={1}>
            {machine.name}
          </Title>
          <Group gap="sm" fz="sm">
            <StateBadge state={machine.state} pending={pending} stale={!live} />
            <Anchor size="sm" href={formatRoute({ page: 'host', linkId: link.id })}>
              {link.name}
            </Anchor>
            <Text size="sm" c="var(--limen-quiet)">
              {machine.owner ? t('machine:owner', { owner: machine.owner.username }) : t('machine:noOwner')}
            </Text>
          </Group>
        </div>
      </Group>
      <Group gap="xs" wrap="nowrap">
        {primary && PrimaryIcon && (
          <Button
            variant={primary === 'start' || primary === 'resume' ? 'filled' : 'default'}
            leftSection={<PrimaryIcon size={16} aria-hidden />}
            disabled={pending !== undefined}
            onClick={() => run(target, machine, primary)}
          >
            {powerWord(primary, machine.state, t)}
          </Button>
        )}
        {machine.consoles.vnc && (
          <Button
            variant="default"
            leftSection={<IconDeviceDesktop size={16} aria-hidden />}
            disabled={!hasScreen(machine.state)}
            aria-label={t('machine:openConsole')}
            onClick={() => openConsole(target)}
          >
            {t('machine:console')}
          </Button>
        )}
        {mayManage && (
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon size={36} variant="default" aria-label={t('power:menu')}>
                <IconDots size={18} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <MachineActionItems target={target} machine={machine} />
              <MachineLifecycleItems target={target} machine={machine} />
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
    </Group>
  );
}
