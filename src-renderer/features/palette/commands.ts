import type { HostLink, Machine, PowerAction, Settings } from '@limen/contract';
import {
  IconDatabase,
  IconDeviceDesktop,
  IconDisc,
  IconMoon,
  IconNetwork,
  IconPlus,
  IconServer,
  IconServer2,
  IconSettings,
  IconSun,
  IconSunMoon,
  IconTrash,
  type TablerIcon,
} from '@tabler/icons-react';
import { actionIcons } from '../../components/state-icons.ts';
import { navigate } from '../../lib/use-route.ts';
import type { Translate } from '../../locales/i18n.ts';
import type { Inventories } from '../../stores/inventory.ts';
import type { MachineRef } from '../../stores/machine-key.ts';
import { openAddHost } from '../../stores/overlays.ts';
import { hasScreen, offeredActions } from '../../stores/power.ts';

export interface Command {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly icon: TablerIcon;
  readonly run: () => void;
}

export interface CommandActions {
  readonly power: (ref: MachineRef, machine: Machine, action: PowerAction) => void;
  readonly console: (ref: MachineRef) => void;
  readonly scheme: (scheme: Settings['colorScheme']) => void;
}

export interface CommandGroup {
  readonly key: 'go' | 'machines' | 'actions' | 'hosts' | 'settings';
  readonly commands: readonly Command[];
}

const LIMIT = 8;

export interface CommandWorld {
  readonly hosts: Inventories;
  readonly links: readonly HostLink[];
}

/**
 * What the palette offers for a query. All words of the query must occur, in any order. Made only while the
 * palette is open, from the newest stores.
 */
export function findCommands(
  query: string,
  world: CommandWorld,
  actions: CommandActions,
  t: Translate,
): readonly CommandGroup[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const matches = ({ label, hint = '' }: Command) => {
    const text = `${label} ${hint}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const pick = (commands: Iterable<Command>) => {
    const found: Command[] = [];
    for (const command of commands) {
      if (matches(command)) found.push(command);
      if (found.length >= LIMIT) break;
    }
    return found;
  };
  const groups: CommandGroup[] = [
    { key: 'machines', commands: pick(machineCommands(world, t)) },
    { key: 'actions', commands: words.length === 0 ? [] : pick(actionCommands(world, actions, t)) },
    { key: 'hosts', commands: pick(hostCommands(world.links)) },
    { key: 'go', commands: pick(placeCommands(t)) },
    { key: 'settings', commands: pick(settingCommands(actions, t)) },
  ];
  return groups.filter((group) => group.commands.length > 0);
}

function* eachMachine({ hosts, links }: CommandWorld) {
  for (const link of links) {
    const machines = hosts.get(link.id)?.machines.values() ?? [];
    for (const machine of machines) yield { link, machine, ref: { linkId: link.id, machineId: machine.id } };
  }
}

function* machineCommands(world: CommandWorld, t: Translate): Iterable<Command> {
  for (const { link, machine, ref } of eachMachine(world)) {
    yield {
      id: `open/${link.id}/${machine.id}`,
      label: t('frame:palette.openMachine', { name: machine.name }),
      hint: link.name,
      icon: IconServer2,
      run: () => navigate({ page: 'machine', ...ref }),
    };
  }
}

function* actionCommands(world: CommandWorld, actions: CommandActions, t: Translate): Iterable<Command> {
  for (const { link, machine, ref } of eachMachine(world)) {
    const { name } = machine;
    if (machine.consoles.vnc && hasScreen(machine.state)) {
      yield {
        id: `console/${link.id}/${machine.id}`,
        label: t('frame:palette.consoleOf', { name }),
        hint: link.name,
        icon: IconDeviceDesktop,
        run: () => actions.console(ref),
      };
    }
    for (const action of offeredActions(link, machine)) {
      yield {
        id: `${action}/${link.id}/${machine.id}`,
        label: t('frame:palette.powerOf', { action: t(`power:action.${action}`), name }),
        hint: link.name,
        icon: actionIcons[action],
        run: () => actions.power(ref, machine, action),
      };
    }
  }
}

function* hostCommands(links: readonly HostLink[]): Iterable<Command> {
  for (const link of links) {
    yield {
      id: `host/${link.id}`,
      label: link.name,
      hint: link.address,
      icon: IconServer,
      run: () => navigate({ page: 'host', linkId: link.id }),
    };
  }
}

function placeCommands(t: Translate): readonly Command[] {
  return [
    {
      id: 'machines',
      label: t('frame:nav.allMachines'),
      icon: IconServer2,
      run: () => navigate({ page: 'machines' }),
    },
    {
      id: 'new-machine',
      label: t('frame:palette.newMachine'),
      icon: IconPlus,
      run: () => navigate({ page: 'new-machine' }),
    },
    { id: 'images', label: t('frame:nav.images'), icon: IconDisc, run: () => navigate({ page: 'images' }) },
    {
      id: 'networks',
      label: t('frame:nav.networks'),
      icon: IconNetwork,
      run: () => navigate({ page: 'networks' }),
    },
    {
      id: 'storage',
      label: t('frame:nav.storage'),
      icon: IconDatabase,
      run: () => navigate({ page: 'storage' }),
    },
    { id: 'trash', label: t('frame:nav.trash'), icon: IconTrash, run: () => navigate({ page: 'trash' }) },
    { id: 'add-host', label: t('frame:nav.addHost'), icon: IconPlus, run: openAddHost },
    {
      id: 'settings',
      label: t('frame:nav.settings'),
      icon: IconSettings,
      run: () => navigate({ page: 'settings' }),
    },
  ];
}

function settingCommands({ scheme }: CommandActions, t: Translate): readonly Command[] {
  return [
    { id: 'light', label: t('frame:palette.light'), icon: IconSun, run: () => scheme('light') },
    { id: 'dark', label: t('frame:palette.dark'), icon: IconMoon, run: () => scheme('dark') },
    { id: 'system', label: t('frame:palette.system'), icon: IconSunMoon, run: () => scheme('system') },
  ];
}
