import type { Machine } from '@limen/contract';
import { Menu } from '@mantine/core';
import { powerWord } from '../components/power-word.ts';
import { actionIcons, isDestructive } from '../components/state-icons.ts';
import { useText } from '../locales/i18n.ts';
import { useLink } from '../stores/links.ts';
import type { MachineRef } from '../stores/machine-key.ts';
import { offeredActions } from '../stores/power.ts';
import { MachineSaveItems } from './MachineSaveItems.tsx';
import { usePowerAction } from './use-power-action.ts';

export interface MachineActionItemsProps {
  readonly target: MachineRef;
  readonly machine: Machine;
}

/** The power actions a machine allows in its present state, and saving it, as menu items; nothing when there are none. */
export function MachineActionItems({ target, machine }: MachineActionItemsProps) {
  const { t } = useText();
  const run = usePowerAction();
  const link = useLink(target.linkId);
  const items = offeredActions(link, machine).map((action) => {
    const Icon = actionIcons[action];
    return (
      <Menu.Item
        key={action}
        leftSection={<Icon size={16} aria-hidden />}
        {...(isDestructive(action) && { color: 'var(--limen-error)' })}
        onClick={() => run(target, machine, action)}
      >
        {powerWord(action, machine.state, t)}
      </Menu.Item>
    );
  });
  return (
    <>
      {items}
      <MachineSaveItems target={target} machine={machine} />
    </>
  );
}
