/** Lists the rows of the tables of functions. In a row with two names, one of them is enough. */
export function wanted(): readonly (readonly string[])[];
