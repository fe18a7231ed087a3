import { useSearchParams } from 'react-router';

export type AddressFilters = {
  /** Value of one filter; empty when it is not set. */
  of: (name: string) => string;
  /** Sets filters, and takes away those that are set to nothing. */
  set: (values: Readonly<Record<string, string>>) => void;
};

/** Filters live in the address alone. Each change leads back to the first page. */
export function useAddressFilters(): AddressFilters {
  const [params, setParams] = useSearchParams();
  const set: AddressFilters['set'] = (values) => {
    const next = new URLSearchParams(location.search);
    for (const gone of ['after', 'before']) next.delete(gone);
    for (const [name, value] of Object.entries(values)) {
      if (value === '') next.delete(name);
      else next.set(name, value);
    }
    setParams(next, { replace: true });
  };
  return { of: (name) => params.get(name) ?? '', set };
}
