import type { HostLink } from '@limen/contract';
import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconFolderSearch, IconPlus, IconUpload } from '@tabler/icons-react';
import { useText } from '../../locales/i18n.ts';

export type AddWay = 'upload' | 'scan';

export interface AddImageMenuProps {
  readonly links: readonly HostLink[];
  readonly onChoose: (way: AddWay) => void;
}

/** The ways into a library. */
export function AddImageMenu({ links, onChoose }: AddImageMenuProps) {
  const { t } = useText();
  const administers = links.some((link) => link.user?.role === 'administrator');
  const receives = links.some((link) => link.capabilities.includes('images.upload'));
  if (!administers && !receives) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          leftSection={<IconPlus size={16} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          {t('images:add.button')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {receives && (
          <Menu.Item leftSection={<IconUpload size={16} aria-hidden />} onClick={() => onChoose('upload')}>
            {t('images:add.upload')}
          </Menu.Item>
        )}
        {administers && (
          <Menu.Item
            leftSection={<IconFolderSearch size={16} aria-hidden />}
            onClick={() => onChoose('scan')}
          >
            {t('images:add.scan')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
