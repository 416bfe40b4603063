import { Checkbox, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useText } from '../../locales/i18n.ts';
import { isSortColumn, nextOrder, rightAligned } from './columns.ts';
import classes from './MachineTable.module.css';
import type { Columns } from './use-columns.ts';

export interface TableHeadProps {
  readonly columns: Columns;
  readonly selected: 'none' | 'some' | 'all';
  readonly onSelectAll: (all: boolean) => void;
}

/** Names sort, edges resize, the box selects everything the filter shows. */
export function TableHead({ columns, selected, onSelectAll }: TableHeadProps) {
  const { t } = useText();
  const { table, order, sort } = columns;
  const headers = table.getHeaderGroups()[0]?.headers ?? [];
  return (
    <div role="row" aria-rowindex={1} className={classes['head']}>
      <div role="columnheader" className={classes['check']}>
        <Checkbox
          size="xs"
          checked={selected === 'all'}
          indeterminate={selected === 'some'}
          aria-label={t('machines:selectAll')}
          onChange={(event) => onSelectAll(event.currentTarget.checked)}
        />
      </div>
      {headers.map((header) => {
        const id = header.column.id;
        if (!isSortColumn(id)) return null;
        const name = t(`machines:column.${id}`);
        const direction = order.column !== id ? 'none' : order.descending ? 'descending' : 'ascending';
        const resize = header.getResizeHandler();
        return (
          <div
            key={id}
            role="columnheader"
            aria-sort={direction}
            className={classes['headCell']}
            data-right={rightAligned.has(id) || undefined}
          >
            <UnstyledButton className={classes['sort']} onClick={() => sort(nextOrder(order, id))}>
              {name}
              {direction === 'ascending' && <IconArrowUp size={12} aria-hidden />}
              {direction === 'descending' && <IconArrowDown size={12} aria-hidden />}
            </UnstyledButton>
            <span
              className={classes['resize']}
              aria-hidden
              title={t('machines:resizeColumn', { name })}
              data-resizing={header.column.getIsResizing() || undefined}
              onMouseDown={resize}
              onTouchStart={resize}
              onDoubleClick={() => header.column.resetSize()}
            />
          </div>
        );
      })}
      <div role="columnheader">
        <VisuallyHidden>{t('power:menu')}</VisuallyHidden>
      </div>
    </div>
  );
}
