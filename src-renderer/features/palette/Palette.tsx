import { Text } from '@mantine/core';
import { Spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useOpenConsole } from '../../actions/use-open-console.ts';
import { usePowerAction } from '../../actions/use-power-action.ts';
import { useText } from '../../locales/i18n.ts';
import { inventoryStore } from '../../stores/inventory.ts';
import { linksStore } from '../../stores/links.ts';
import { changeSettings } from '../../stores/settings.ts';
import { findCommands } from './commands.ts';

/** Ctrl+K: every machine, action, host and place, by name. */
export function Palette() {
  const { t } = useText();
  const [query, setQuery] = useState('');
  const [opened, setOpened] = useState(false);
  const power = usePowerAction();
  const openConsole = useOpenConsole();

  const groups = opened
    ? findCommands(
        query,
        { hosts: inventoryStore.getState().hosts, links: linksStore.getState().links ?? [] },
        {
          power,
          console: openConsole,
          scheme: (colorScheme) => void changeSettings({ colorScheme }).catch(() => {}),
        },
        t,
      )
    : [];
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      shortcut="mod + K"
      scrollable
      maxHeight={420}
      overlayProps={{ backgroundOpacity: 0.35, blur: 0 }}
      onSpotlightOpen={() => setOpened(true)}
      onSpotlightClose={() => setOpened(false)}
      attributes={{ content: { 'aria-label': t('frame:search') } }}
    >
      <Spotlight.Search
        placeholder={t('frame:palette.placeholder')}
        aria-label={t('frame:search')}
        leftSection={<IconSearch size={18} aria-hidden />}
      />
      <Spotlight.ActionsList>
        {groups.map((group) => (
          <Spotlight.ActionsGroup key={group.key} label={t(`frame:palette.${group.key}`)}>
            {group.commands.map((command) => {
              const Icon = command.icon;
              return (
                <Spotlight.Action
                  key={command.id}
                  label={command.label}
                  dimmedSections={false}
                  rightSection={<Text size="xs">{command.hint}</Text>}
                  leftSection={<Icon size={18} aria-hidden />}
                  onClick={command.run}
                />
              );
            })}
          </Spotlight.ActionsGroup>
        ))}
        {groups.length === 0 && <Spotlight.Empty>{t('frame:palette.nothing')}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
