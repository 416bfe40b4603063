import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import { useText } from '../../locales/i18n.ts';
import { isSortColumn } from './columns.ts';
import type { Columns } from './use-columns.ts';

/** Which columns the table shows. */
export function ColumnsMenu({ columns }: { readonly columns: Columns }) {
  const { t } = useText();
  return (
    <Menu closeOnItemClick={false} position="bottom-end">
      <Menu.Target>
        <Tooltip label={t('machines:columns')}>
          <ActionIcon size={36} variant="default" aria-label={t('machines:columns')}>
            <IconColumns3 size={18} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {columns.table.getAllLeafColumns().map((column) => {
          if (!isSortColumn(column.id)) return null;
          return (
            <Menu.CheckboxItem
              key={column.id}
              checked={column.getIsVisible()}
              disabled={!column.getCanHide()}
              onChange={() => column.toggleVisibility()}
            >
              {t(`machines:column.${column.id}`)}
            </Menu.CheckboxItem>
          );
        })}
        <Menu.Divider />
        <Menu.Item onClick={columns.reset}>{t('machines:resetColumns')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
