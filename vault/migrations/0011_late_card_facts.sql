-- What the table of BINs says can be added to cards that were stored before there was one.
GRANT UPDATE (funding, country) ON tokens TO payos_vault_app;
