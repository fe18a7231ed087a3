import type { ReactNode } from 'react';
import { Link } from 'react-router';

export type Column<Row> = {
  /** Heading; on phones it stands before each value. */
  label: string;
  cell: (row: Row) => ReactNode;
  align?: 'end';
  /** On phones over the whole width. */
  wide?: boolean;
  /** The heading is read out, but not shown. */
  hideLabel?: boolean;
};

type Props<Row> = {
  /** What it is a table of, for those who hear it. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** The page of a row; the first cell becomes the link. */
  linkOf?: (row: Row) => string | undefined;
};

/** A table that becomes a list of cards on a phone. */
export function Table<Row>({ caption, columns, rows, keyOf, linkOf }: Props<Row>): ReactNode {
  return (
    <div className="table-scroll">
      <table className="table">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ label, align, hideLabel }) => (
              <th key={label} scope="col" data-align={align}>
                {hideLabel ? <span className="sr-only">{label}</span> : label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <TableRow key={keyOf(row)} columns={columns} row={row} link={linkOf?.(row)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function TableRow<Row>({
  columns,
  row,
  link,
}: {
  columns: readonly Column<Row>[];
  row: Row;
  link: string | undefined;
}): ReactNode {
  return (
    <tr data-link={link === undefined ? undefined : ''}>
      {columns.map(({ label, cell, align, wide, hideLabel }, index) => (
        <td
          key={label}
          data-label={hideLabel ? '' : label}
          data-align={align}
          data-wide={wide || undefined}
        >
          {index === 0 && link !== undefined ? (
            <Link to={link} className="row-link">
              {cell(row)}
            </Link>
          ) : (
            cell(row)
          )}
        </td>
      ))}
    </tr>
  );
}
