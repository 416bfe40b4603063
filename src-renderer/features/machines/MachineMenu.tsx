import { Menu, UnstyledButton } from '@mantine/core';
import { IconCopy, IconDeviceDesktop, IconExternalLink } from '@tabler/icons-react';
import { MachineActionItems } from '../../actions/MachineActionItems.tsx';
import { MachineLifecycleItems } from '../../actions/MachineLifecycleItems.tsx';
import { useOpenConsole } from '../../actions/use-open-console.ts';
import { copyText } from '../../api/clipboard.ts';
import { useText } from '../../locales/i18n.ts';
import { useMachine } from '../../stores/inventory.ts';
import { type MachineKey, parseMachineKey } from '../../stores/machine-key.ts';
import { hasScreen } from '../../stores/power.ts';

export interface MachineMenuProps {
  readonly menu: { readonly key: MachineKey; readonly x: number; readonly y: number };
  readonly onOpen: (key: MachineKey) => void;
  readonly onClose: () => void;
}

/** The context menu of a row, at the pointer or under the row's button. */
export function MachineMenu({ menu, onOpen, onClose }: MachineMenuProps) {
  const { t } = useText();
  const target = parseMachineKey(menu.key);
  const machine = useMachine(target);
  const openConsole = useOpenConsole();
  if (!machine) return null;
  return (
    <Menu
      opened
      onClose={onClose}
      position="bottom-start"
      offset={0}
      withinPortal={false}
      floatingStrategy="fixed"
      transitionProps={{ duration: 0 }}
    >
      <Menu.Target>
        <UnstyledButton
          tabIndex={-1}
          aria-label={t('machines:rowActions', { name: machine.name })}
          style={{ position: 'fixed', left: menu.x, top: menu.y, width: 1, height: 1 }}
        />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconExternalLink size={16} aria-hidden />} onClick={() => onOpen(menu.key)}>
          {t('machines:open')}
        </Menu.Item>
        {machine.consoles.vnc && (
          <Menu.Item
            leftSection={<IconDeviceDesktop size={16} aria-hidden />}
            disabled={!hasScreen(machine.state)}
            onClick={() => openConsole(target)}
          >
            {t('machines:console')}
          </Menu.Item>
        )}
        <Menu.Divider />
        <MachineActionItems target={target} machine={machine} />
        <MachineLifecycleItems target={target} machine={machine} />
        <Menu.Divider />
        <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={() => copy(machine.name)}>
          {t('machines:copyName')}
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={() => copy(machine.id)}>
          {t('machines:copyId')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function copy(text: string): void {
  copyText(text).catch(() => {});
}
