/** How old a key may become where an organization has set no rule of its own, in days. */
export const defaultMaxAgeDays = 90;

const policyOf = `FROM api_key_policies p
    WHERE p.organization_id = api_keys.organization_id AND p.mode = api_keys.mode`;

/**
 * As SQL, of a row of `api_keys`: when it stops working, by its own date, by the end of its
 * overlap, or by its age where the rules of the organization end overdue keys. Null: never.
 */
export const endsAt = `least(api_keys.expires_at, api_keys.retires_at, (
    SELECT api_keys.created_at + p.max_age_days * interval '1 day' ${policyOf}
      AND p.on_overdue = 'expire' AND api_keys.kind <> 'publishable'))`;

/**
 * As SQL, of a row of `api_keys`: when the rules want it replaced. Null: never. What lies in the
 * open anyway does not wear out.
 */
export const dueAt = `(api_keys.created_at + interval '1 day' * CASE
    WHEN api_keys.kind = 'publishable' THEN NULL
    WHEN EXISTS (SELECT 1 ${policyOf}) THEN (SELECT p.max_age_days ${policyOf})
    ELSE ${defaultMaxAgeDays} END)`;

/** As SQL, of a row of `api_keys`: neither revoked nor at its end. */
export const isLiving = `(api_keys.revoked_at IS NULL
    AND coalesce(${endsAt} > clock_timestamp(), true))`;
