import { createBinTable } from './bins.ts';
import { readBins } from './read-bins.ts';

/**
 * The ranges of the published test numbers that the simulator knows, with what their publishers say
 * about them. Real cards are told by a file of the operator's (`PAYOS_VAULT_BINS_FILE`).
 */
const shipped = `from,to,funding,country
22230031,22230031,credit,US
305693,305693,credit,US
362272,362272,credit,US
356600,356600,credit,JP
371449,371449,credit,US
378282,378282,credit,US
40000000,40000000,credit,US
40000025,40000025,credit,FR
40000027,40000027,credit,DE
40000566,40000566,debit,US
40128888,40128888,credit,US
41000000,41000000,credit,US
41111111,41111111,credit,US
42424242,42424242,credit,US
51051051,51051051,prepaid,US
52008282,52008282,debit,US
55555555,55555555,credit,US
60110009,60110009,credit,US
60111111,60111111,credit,US
62000000,62000000,credit,CN
62055000,62055000,credit,CN
`;

export const shippedBins = createBinTable(readBins(shipped).ranges);
