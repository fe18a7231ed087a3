import { isWide, type Mode, type Permission, permissions, type schemas } from 'payos-contract';

type Role = schemas.Role;
type Roles = schemas.RolesByMode;
type Session = schemas.Session;

/** Where a permission counts: in one mode, or for the organization as a whole. */
export const places = ['test', 'live', 'wide'] as const;
export type Place = (typeof places)[number];
export type Grants = Readonly<Record<Place, ReadonlySet<Permission>>>;

export const placeNames: Readonly<Record<Place, string>> = {
  test: 'In test mode',
  live: 'In live mode',
  wide: 'For the whole organization',
};

/** What two roles let somebody do. What is organization-wide comes from the live role alone. */
export function grantsOf(roles: Roles, all: readonly Role[]): Grants {
  const given = (mode: Mode) => all.find(({ id }) => id === roles[mode])?.permissions ?? [];
  return {
    test: new Set(given('test').filter((name) => !isWide(name))),
    live: new Set(given('live').filter((name) => !isWide(name))),
    wide: new Set(given('live').filter(isWide)),
  };
}

/** What a session may do. */
export function ownGrants({ permissions: own }: Session): Grants {
  return {
    test: new Set(own.test.filter((name) => !isWide(name))),
    live: new Set(own.live.filter((name) => !isWide(name))),
    wide: new Set(own.live.filter(isWide)),
  };
}

/** Whether everything in `part` is also in `whole`, place by place. */
export function covers(whole: Grants, part: Grants): boolean {
  return places.every((place) => part[place].isSubsetOf(whole[place]));
}

/** Whether a session may give a role in a mode: nobody grants what they do not have. */
export function mayGrant(session: Session, role: Role, mode: Mode): boolean {
  if (mode === 'live' && role.id === 'owner' && session.roles.live !== 'owner') return false;
  const roles = { test: null, live: null, [mode]: role.id };
  return covers(ownGrants(session), grantsOf(roles, [role]));
}

/** Modes in which a session does not have a permission; a custom role takes what it has in both. */
export function lacksIn(session: Session, name: Permission): Mode[] {
  const modes: Mode[] = isWide(name) ? ['live'] : ['test', 'live'];
  return modes.filter((mode) => !session.permissions[mode].includes(name));
}

/** Whether a session may change or delete a custom role: only who has all that it grants. */
export function mayEdit(session: Session, role: Role): boolean {
  return role.permissions.every((name) => lacksIn(session, name).length === 0);
}

export type Change = { place: Place; gained: Permission[]; lost: Permission[] };

/** What changes between two states, place by place; places without a change are left out. */
export function changesBetween(before: Grants, after: Grants): Change[] {
  const all = places.map((place) => ({
    place,
    gained: [...after[place].difference(before[place])],
    lost: [...before[place].difference(after[place])],
  }));
  return all.filter(({ gained, lost }) => gained.length + lost.length > 0);
}

/** The catalogue in its groups, in its order. */
export function permissionGroups(): { group: string; names: Permission[] }[] {
  const names = Object.keys(permissions) as Permission[];
  const groups = Map.groupBy(names, (name) => permissions[name].group);
  return [...groups].map(([group, members]) => ({ group, names: members }));
}
