import { ScrollArea, Table } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './ListTable.module.css';

export interface ListTableProps {
  readonly label: string;
  /** Names of the columns, left to right. */
  readonly head: readonly string[];
  /** Of the last column, which holds what can be done with a row. */
  readonly actions: string;
  /** Pixels below which it scrolls sideways. */
  readonly minWidth: number;
  /** `Table.Tr`s. */
  readonly children: ReactNode;
}

/** A page's list of things: as long as they are, and within the page's height scrolling under its head. */
export function ListTable({ label, head, actions, minWidth, children }: ListTableProps) {
  return (
    <div className={classes['frame']}>
      <ScrollArea.Autosize mah="100%" type="auto" viewportProps={{ tabIndex: 0 }}>
        <Table
          highlightOnHover
          stickyHeader
          className={classes['table'] ?? ''}
          aria-label={label}
          miw={minWidth}
        >
          <Table.Thead>
            <Table.Tr>
              {head.map((name) => (
                <Table.Th key={name}>{name}</Table.Th>
              ))}
              <Table.Th w={44} aria-label={actions} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>{children}</Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
    </div>
  );
}
