import type { ReactNode } from 'react';
import { useRead } from '../../api/index.ts';
import {
  Card,
  type Column,
  type Filter,
  FilterBar,
  ListBody,
  Table,
  useCursor,
  useFilters,
} from '../../ui/index.ts';
import { useNotedList } from './last-list.ts';

type Props<T> = {
  /** What lists them, e.g. `/v1/customers`. */
  api: `/v1/${string}`;
  /** Where one of them is shown, e.g. `/customers`: its id follows. */
  to: `/${string}`;
  caption: string;
  filters: readonly Filter[];
  /** Filters that are controls of their own, and what they ask for. */
  moreFilters?: ReactNode;
  moreQuery?: Record<string, string | undefined>;
  columns: readonly Column<T>[];
  empty: ReactNode;
  /** How often it is read again. Default: when one comes back to it. */
  pollMs?: number;
  title?: string;
  text?: string;
};

/** A card with a list of objects, by pages of 25: filters above, and a row leads to its object. */
export function ObjectList<T extends { id: string }>(props: Props<T>): ReactNode {
  const { api, to, caption, filters, moreFilters, moreQuery, columns, empty, pollMs } = props;
  useNotedList();
  const query = { ...useFilters(filters), ...moreQuery, ...useCursor(), limit: 25 };
  const list = useRead<{ data: T[]; has_more: boolean }>(api, {
    query,
    keep: true,
    ...(pollMs !== undefined && { pollMs }),
  });
  const { title, text } = props;
  return (
    <Card flush {...(title !== undefined && { title })} {...(text !== undefined && { text })}>
      <FilterBar filters={filters}>{moreFilters}</FilterBar>
      <div className="border-t border-line">
        <ListBody query={list} empty={empty}>
          {(rows) => (
            <Table
              caption={caption}
              columns={columns}
              rows={rows}
              keyOf={({ id }) => id}
              linkOf={({ id }) => `${to}/${id}`}
            />
          )}
        </ListBody>
      </div>
    </Card>
  );
}
