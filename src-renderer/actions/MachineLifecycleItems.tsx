import { isAllowed, type Machine } from '@limen/contract';
import { Menu, Text } from '@mantine/core';
import {
  IconCopyPlus,
  IconDiscOff,
  IconPencil,
  IconStack2,
  IconTemplate,
  IconTrash,
  IconUserPlus,
} from '@tabler/icons-react';
import { useText } from '../locales/i18n.ts';
import { useLink } from '../stores/links.ts';
import type { MachineRef } from '../stores/machine-key.ts';
import { openMachineDialog } from '../stores/overlays.ts';
import { useMachineLifecycle } from './use-machine-lifecycle.tsx';

export interface MachineLifecycleItemsProps {
  readonly target: MachineRef;
  readonly machine: Machine;
}

/** Why an item cannot be chosen now. */
function WhenOff() {
  const { t } = useText();
  return (
    <Text span size="xs">
      {t('lifecycle:whenOff')}
    </Text>
  );
}

/** Copying, changing and deleting a machine, as menu items after a line; nothing where the host or the role does not allow it. */
export function MachineLifecycleItems({ target, machine }: MachineLifecycleItemsProps) {
  const { t } = useText();
  const link = useLink(target.linkId);
  const { flatten, trash, finishInstallation } = useMachineLifecycle();
  if (link?.state !== 'live' || !link.capabilities.includes('machines.create')) return null;
  const { user } = link;
  const owns = user !== null && machine.owner?.id === user.id;
  if (machine.trashed || !isAllowed('machine:manage', user?.role, owns)) return null;
  const off = machine.state === 'off';
  const administers = user?.role === 'administrator';
  return (
    <>
      <Menu.Divider />
      {machine.installing && (
        <Menu.Item
          leftSection={<IconDiscOff size={16} aria-hidden />}
          onClick={() => finishInstallation(target, machine)}
        >
          {t('lifecycle:finishInstallation')}
        </Menu.Item>
      )}
      <Menu.Item
        leftSection={<IconCopyPlus size={16} aria-hidden />}
        {...(!off && { disabled: true, rightSection: <WhenOff /> })}
        onClick={() => openMachineDialog('clone', target)}
      >
        {t('lifecycle:clone.menu')}
      </Menu.Item>
      <Menu.Item
        leftSection={<IconPencil size={16} aria-hidden />}
        {...(!off && { disabled: true, rightSection: <WhenOff /> })}
        onClick={() => openMachineDialog('rename', target)}
      >
        {t('lifecycle:rename.menu')}
      </Menu.Item>
      {link.capabilities.includes('images.template') && (
        <Menu.Item
          leftSection={<IconTemplate size={16} aria-hidden />}
          {...(!off && { disabled: true, rightSection: <WhenOff /> })}
          onClick={() => openMachineDialog('template', target)}
        >
          {t('lifecycle:template.menu')}
        </Menu.Item>
      )}
      {machine.linkedTo !== null && (
        <Menu.Item
          leftSection={<IconStack2 size={16} aria-hidden />}
          onClick={() => flatten(target, machine)}
        >
          {t('lifecycle:flatten')}
        </Menu.Item>
      )}
      {administers && (
        <Menu.Item
          leftSection={<IconUserPlus size={16} aria-hidden />}
          onClick={() => openMachineDialog('owner', target)}
        >
          {t('lifecycle:owner.menu')}
        </Menu.Item>
      )}
      <Menu.Item
        leftSection={<IconTrash size={16} aria-hidden />}
        color="var(--limen-error)"
        onClick={() => trash(target, machine)}
      >
        {t('lifecycle:trash.menu')}
      </Menu.Item>
    </>
  );
}
